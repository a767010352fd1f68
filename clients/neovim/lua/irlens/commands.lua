--- What the commands of plugin/irlens.lua do. Each works on the current buffer.

local say = require('irlens.say')

local M = {}

local function argument(given)
  local text = vim.trim(given.args)
  return text ~= '' and text or nil
end

local function here()
  return vim.api.nvim_get_current_buf()
end

local actions = {
  Lift = function(given)
    require('irlens.lift').run(here(), argument(given))
  end,
  Next = function(given)
    require('irlens.lift').next(math.max(1, given.count))
  end,
  Why = function()
    require('irlens.lift').why()
  end,
  Save = function(given)
    require('irlens.lift').save(argument(given))
  end,
  Yank = function(given)
    require('irlens.lift').yank(given.reg)
  end,
  Tune = function()
    require('irlens.tune').run(here())
  end,
  Apply = function()
    require('irlens.tune').apply()
  end,
  Predict = function(given)
    require('irlens.predict').run(here(), argument(given))
  end,
  Steps = function(given)
    require('irlens.steps').run(here(), argument(given))
  end,
  Disassemble = function(given)
    require('irlens.disassemble').run(here(), given.fargs[1], given.fargs[2])
  end,
  Preprocess = function()
    require('irlens.disassemble').preprocess(here())
  end,
  Cancel = function()
    local count = require('irlens.jobs').cancel()
    if count == 0 then
      say.info('nothing is running.')
    end
  end,
  Target = function(given)
    require('irlens.target').run(here(), argument(given))
  end,
  Status = function()
    say.info(table.concat(require('irlens.status').lines(here()), '\n'))
  end,
  Model = function(given)
    require('irlens.model').run(here(), given.fargs)
  end,
  Restart = function()
    require('irlens.life').restart()
  end,
  Log = function()
    vim.cmd('tabedit ' .. vim.fn.fnameescape(require('vim.lsp.log').get_filename()))
    vim.cmd('normal! G')
  end,
}

---@param name string a command's, without "Irlens"
---@param given table as |nvim_create_user_command| describes it
function M.run(name, given)
  actions[name](given)
end

return M
