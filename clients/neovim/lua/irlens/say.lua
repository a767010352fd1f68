--- What the user is told. Every message says whose it is; an error ends in what to do next.

local M = {}

--- A text on one line. Names are their authors': what would break the line or act on a terminal is spelled out, as the
--- server does it.
---@param text string
---@return string
function M.line(text)
  return (text:gsub('[%z\1-\31\127]', function(character)
    return ('\\%02X'):format(character:byte())
  end))
end

--- A text for a 'statusline' or a 'winbar', where `%{...}` would be run.
---@param text string
---@return string
function M.in_statusline(text)
  return (M.line(text):gsub('%%', '%%%%'))
end

--- The whole path of a file, `~` and `$NAME` as at its beginning in a shell. Not by |expand()|, which runs what stands
--- between backticks: a file may be called so.
---@param path string
---@return string
function M.path(path)
  local named = path:gsub('^%$([%w_]+)', function(variable)
    return vim.env[variable]
  end)
  return vim.fn.fnamemodify(named, ':p')
end

local function tell(level)
  return function(text)
    vim.notify('irlens: ' .. table.concat(vim.tbl_map(M.line, vim.split(text, '\n')), '\n'), level)
  end
end

M.info = tell(vim.log.levels.INFO)
M.warn = tell(vim.log.levels.WARN)
M.error = tell(vim.log.levels.ERROR)

--- A buffer without its server.
---@param bufnr integer
function M.no_server(bufnr)
  if not vim.tbl_contains({ 'llvm', 'asm' }, vim.bo[bufnr].filetype) then
    M.warn('this is neither LLVM IR nor assembly. Open a .ll or a .s file.')
  else
    M.warn('no server answers for this file. Wait a moment if it was just opened; :checkhealth irlens says more.')
  end
end

return M
