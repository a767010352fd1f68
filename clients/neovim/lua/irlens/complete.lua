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

--- Paths that begin so, folders with a slash. Not `getcompletion`: it takes what is typed, which may be a name that an
--- earlier completion found, for a pattern, and runs what stands in backticks.
function M.files(typed)
  local folder, start = typed:match('^(.*/)([^/]*)$')
  folder, start = folder or '', start or typed
  local place = folder:gsub('^~/', function()
    return (vim.loop.os_homedir() or '~') .. '/'
  end)
  local found = {}
  local names = vim.loop.fs_scandir(place == '' and '.' or place)
  while names do
    local name = vim.loop.fs_scandir_next(names)
    if not name then
      break
    end
    local hidden = vim.startswith(name, '.') and not vim.startswith(start, '.')
    if vim.startswith(name, start) and not hidden and not name:find('%c') then
      local kind = vim.loop.fs_stat((place == '' and './' or place) .. name)
      table.insert(found, folder .. name .. ((kind and kind.type == 'directory') and '/' or ''))
    end
  end
  table.sort(found)
  return found
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
  for _, path in ipairs((not what or what == 'use') and M.files(typed) or {}) do
    if path:match('%.gguf$') or path:match('/$') then
      table.insert(found, path)
    end
  end
  return found
end

return M
