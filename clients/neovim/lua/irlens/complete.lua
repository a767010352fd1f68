--- Completion of the commands' arguments: `(ArgLead, CmdLine, CursorPos)` as Neovim calls them.

local M = {}

local function beginning_with(typed, words)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, typed)
  end, words)
end

function M.functions(typed)
  return beginning_with(typed, require('irlens.functions').names_now(vim.api.nvim_get_current_buf()))
end

function M.passes(typed)
  return require('irlens.passes').matching(vim.api.nvim_get_current_buf(), typed)
end

function M.targets(typed)
  return beginning_with(typed, require('irlens.target').CHOICES)
end

function M.files(typed)
  return vim.fn.getcompletion(typed, 'file')
end

--- What can be done about models, then the names that there are for it; also GGUF files and the folders on the way
--- to them.
function M.models(typed, line)
  local before = vim.split(vim.trim(line:sub(1, #line - #typed)), '%s+')
  local what, name = before[2], before[3]
  if name then
    return what == 'use' and beginning_with(typed, require('irlens.models').TASKS) or {}
  end
  local found
  if what then
    found = beginning_with(typed, require('irlens.models').names(vim.api.nvim_get_current_buf(), what))
  else
    local model = require('irlens.model')
    found = beginning_with(typed, vim.list_extend({ model.OWN }, model.ACTIONS))
  end
  for _, path in ipairs((not what or what == 'use') and vim.fn.getcompletion(typed, 'file') or {}) do
    if path:match('%.gguf$') or path:match('/$') then
      table.insert(found, path)
    end
  end
  return found
end

return M
