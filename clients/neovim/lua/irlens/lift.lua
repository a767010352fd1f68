--- Lift: the result beside its source, with its verdict in words at its head and what can be done with it.
---
--- Saving is only for what is shown to do the same as the assembly, as in every client of irlens. Anything can
--- be looked at and yanked.

local functions = require('irlens.functions')
local jobs = require('irlens.jobs')
local links = require('irlens.links')
local say = require('irlens.say')
local view = require('irlens.view')

local M = {}

---@class irlens.Shown
---@field bufnr integer the view's
---@field source integer the assembly's buffer
---@field tick integer the source's `changedtick` when it was lifted
---@field lifted table the server's answer
---@field index integer of the candidate that is shown

local shown = {} ---@type table<integer, irlens.Shown> by the view's buffer
local latest ---@type irlens.Shown?
local told = {} ---@type table<string, boolean> troubles of the model that the user knows of

local function candidate(one)
  return one.lifted.candidates[one.index]
end

local function is_stale(one)
  return not vim.api.nvim_buf_is_valid(one.source) or vim.api.nvim_buf_get_changedtick(one.source) ~= one.tick
end

local function hint(one)
  local found, count = candidate(one), #one.lifted.candidates
  local words = { { found.verdict, found.shownRight and 'DiagnosticInfo' or found.verdict == 'disagrees' and 'DiagnosticError' or 'DiagnosticWarn' } }
  if is_stale(one) then
    table.insert(words, { 'the assembly has changed since', 'DiagnosticWarn' })
  end
  local keys = { 'K why' }
  if count > 1 then
    table.insert(keys, (']] next (%d of %d)'):format(one.index, count))
  end
  vim.list_extend(keys, found.shownRight and { 'gs save', 'gy yank', 'q close' } or { 'gy yank', 'q close' })
  table.insert(words, { table.concat(keys, '  '), 'Comment' })
  view.hint(one.bufnr, words)
end

local function fill(one)
  local text = candidate(one).text
  view.fill(one.bufnr, vim.split(text:gsub('\n$', ''), '\n'))
  hint(one)
  links.show(one.source, one.bufnr, candidate(one))
end

local function watch(one)
  local group = vim.api.nvim_create_augroup('irlens_lift_' .. one.bufnr, { clear = true })
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI' }, {
    group = group,
    buffer = one.source,
    callback = function()
      hint(one)
      links.forget(one.bufnr)
      return true -- said once is enough
    end,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = one.bufnr,
    callback = function()
      shown[one.bufnr] = nil
      latest = latest ~= one and latest or nil
      links.forget(one.bufnr)
      vim.schedule(function()
        pcall(vim.api.nvim_del_augroup_by_id, group)
      end)
    end,
  })
end

--- Show the server's answer beside the assembly.
---@param source integer
---@param tick integer the source's `changedtick` when it was lifted
---@param lifted table
function M.show(source, tick, lifted)
  if #lifted.candidates == 0 then
    say.warn(lifted.why)
    return
  end
  local bufnr = view.open({
    name = 'lift/' .. lifted.fileName,
    lines = {},
    filetype = 'llvm',
    beside = source,
    keys = {
      K = { M.why, 'the evidence behind the verdict' },
      [']]'] = {
        function()
          M.next(vim.v.count1)
        end,
        'next candidate',
      },
      ['[['] = {
        function()
          M.next(-vim.v.count1)
        end,
        'candidate before',
      },
      gs = {
        function()
          M.save()
        end,
        'save as a new .ll',
      },
      gy = {
        function()
          M.yank()
        end,
        'yank the IR',
      },
    },
  })
  latest = { bufnr = bufnr, source = source, tick = tick, lifted = lifted, index = 1 }
  shown[bufnr] = latest
  watch(latest)
  fill(latest)
end

--- Lift a function of a buffer: the named one, else the one at the cursor.
---@param source integer
---@param name? string
function M.run(source, name)
  if vim.bo[source].filetype ~= 'asm' then
    say.warn('open an assembly file (.s) and put the cursor into a function to lift it.')
    return
  end
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  functions.choose(source, line, name, function(found)
    local tick = vim.api.nvim_buf_get_changedtick(source)
    local params = { uri = vim.uri_from_bufnr(source), ['function'] = found }
    jobs.ask(source, 'Lift ' .. found, 'irlens/lift', params, function(lifted)
      M.show(source, tick, lifted)
      local trouble = require('irlens.status').model_trouble(source, 'lift')
      if trouble and not told[trouble] then
        told[trouble] = true
        say.warn(('the model cannot be used, so the lift is mechanical. %s :IrlensModel chooses another.'):format(trouble))
      end
    end)
  end)
end

--- The lift of the current window, of the current file, or the newest one; the user is told where there is none.
---@return irlens.Shown?
local function current()
  local bufnr = vim.api.nvim_get_current_buf()
  if shown[bufnr] then
    return shown[bufnr]
  end
  if latest and latest.source ~= bufnr then
    for _, one in pairs(shown) do
      if one.source == bufnr then
        return one
      end
    end
  end
  if not latest then
    say.warn('no lift yet. Run :IrlensLift in a function of an assembly file first.')
  end
  return latest
end

--- Show another candidate.
---@param by integer how many further
function M.next(by)
  local one = current()
  if not one then
    return
  end
  local count = #one.lifted.candidates
  if count < 2 then
    say.info('there is one candidate. The setting irlens.lift.candidates asks the model for more.')
    return
  end
  one.index = (one.index - 1 + by) % count + 1
  fill(one)
end

--- The evidence, below the lift.
function M.why()
  local one = current()
  if not one then
    return
  end
  view.open({
    name = 'why/' .. one.lifted['function'],
    lines = vim.split(candidate(one).evidence:gsub('\n$', ''), '\n'),
    filetype = 'markdown',
    focus = true,
  })
end

--- The name itself where no file has it, else with a number.
local function free(path)
  local stem, number = path:gsub('%.ll$', ''), 1
  while vim.fn.getftype(path) ~= '' do
    number = number + 1
    path = ('%s.%d.ll'):format(stem, number)
  end
  return path
end

--- Write a lift to a new file and show that instead. Nothing is ever overwritten.
---@param path? string default: beside the assembly
function M.save(path)
  local one = current()
  if not one then
    return
  end
  local found = candidate(one)
  if not found.shownRight then
    local words = ('this lift of %s is not shown to be right (%s), so it is not saved. '):format(
      one.lifted['function'],
      found.words
    )
    say.warn(words .. 'Look at :IrlensWhy; :IrlensYank takes it all the same.')
    return
  end
  if path and vim.fn.getftype(path) ~= '' then
    say.warn(path .. ' is there already. Give another name.')
    return
  end
  local source = vim.api.nvim_buf_is_valid(one.source) and vim.api.nvim_buf_get_name(one.source) or ''
  local folder = source ~= '' and vim.fn.fnamemodify(source, ':p:h') or vim.fn.getcwd()
  path = path and vim.fn.fnamemodify(path, ':p') or free(folder .. '/' .. one.lifted.fileName)
  local written, problem = pcall(vim.fn.writefile, vim.split(found.text:gsub('\n$', ''), '\n'), path)
  if not written or problem ~= 0 then
    say.warn(path .. ' cannot be written. Name a file where you may write: :IrlensSave {file}')
    return
  end
  local window = view.window_of(one.bufnr) or vim.api.nvim_get_current_win()
  vim.api.nvim_win_call(window, function()
    vim.cmd('edit ' .. vim.fn.fnameescape(path))
  end)
  view.close(one.bufnr)
  say.info('saved as ' .. vim.fn.fnamemodify(path, ':~:.'))
end

--- Put the IR into a register.
---@param register? string
function M.yank(register)
  local one = current()
  if not one then
    return
  end
  register = register and register ~= '' and register or vim.v.register
  vim.fn.setreg(register, candidate(one).text, 'l')
  say.info(('the lift of %s is in register %s'):format(one.lifted['function'], register))
end

return M
