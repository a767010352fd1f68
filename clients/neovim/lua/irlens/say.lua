--- What the user is told. Every message says whose it is; an error ends in what to do next.

local M = {}

local function tell(level)
  return function(text)
    vim.notify('irlens: ' .. text, level)
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
