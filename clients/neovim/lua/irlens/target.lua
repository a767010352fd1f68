--- Which target an assembly file is for, where the file does not show it: the user's word, until Neovim ends.

local client = require('irlens.client')
local say = require('irlens.say')

local M = {}

M.CHOICES = { 'x86_64', 'aarch64', 'ignore', 'detect' }

local TRIPLES = { x86_64 = 'x86_64-unknown-linux-gnu', aarch64 = 'aarch64-unknown-linux-gnu', detect = vim.NIL }
local SAID = {
  x86_64 = 'x86-64',
  aarch64 = 'AArch64',
  ignore = 'Ignore this file',
  detect = 'Detect it from the file',
}

---@param bufnr integer
---@param choice string one of `M.CHOICES`, or a triple
local function tell(bufnr, choice)
  local server = client.of(bufnr)
  if not server then
    say.no_server(bufnr)
    return
  end
  local target = TRIPLES[choice] or choice
  client.call(server, 'notify', 'irlens/target', { uri = vim.uri_from_bufnr(bufnr), target = target })
end

--- Answer for a buffer; without a choice there is a list.
---@param bufnr integer
---@param choice? string
function M.run(bufnr, choice)
  if vim.bo[bufnr].filetype ~= 'asm' then
    say.warn('open the assembly file (.s) whose target you want to choose.')
  elseif choice then
    tell(bufnr, choice)
  else
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':t')
    vim.ui.select(M.CHOICES, {
      prompt = ('Target of %s'):format(say.line(name)),
      format_item = function(item)
        return SAID[item]
      end,
    }, function(chosen)
      if chosen then
        tell(bufnr, chosen)
      end
    end)
  end
end

return M
