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

function M.files(typed)
  return vim.fn.getcompletion(typed, 'file')
end

--- Models and the folders on the way to them.
function M.models(typed)
  local found = beginning_with(typed, { require('irlens.model').OWN })
  for _, path in ipairs(vim.fn.getcompletion(typed, 'file')) do
    if path:match('%.gguf$') or path:match('/$') then
      table.insert(found, path)
    end
  end
  return found
end

return M
