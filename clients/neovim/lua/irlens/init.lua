--- irlens for Neovim: `setup()` for 0.7 to 0.10, and for those who like one in newer versions.
---
--- On 0.11 and newer `vim.lsp.enable('irlens')` does without it. Where `vim.lsp.config` exists, `setup()` hands
--- its options to it; before, irlens.start starts one server for each root folder by itself.

local M = {}

---@class irlens.Options
---@field cmd? string[] command of the server
---@field filetypes? string[] filetypes to attach to
---@field root_dir? fun(file: string): string root folder of a file; default: the nearest with `.git`
---@field settings? table `{ irlens = { ... } }`, as in the manual
---@field init_options? table sent with `initialize`
---@field capabilities? table client capabilities; default: Neovim's own
---@field on_attach? fun(client: table, bufnr: integer)

--- Start irlens for every buffer of its filetypes, open ones included.
---@param given? irlens.Options
function M.setup(given)
  if vim.fn.has('nvim-0.11') == 0 then
    require('irlens.start').setup(given or {})
    return
  end
  local config = vim.tbl_extend('force', {}, given or {})
  local root_dir = config.root_dir
  if root_dir then
    config.root_dir = function(bufnr, go_on)
      go_on(root_dir(vim.api.nvim_buf_get_name(bufnr)))
    end
  end
  vim.lsp.config('irlens', config)
  vim.lsp.enable('irlens')
end

--- For a 'statusline': what the user waits for, else the model's state; empty where irlens is not at work.
---@return string
function M.statusline()
  return require('irlens.status').line(vim.api.nvim_get_current_buf())
end

return M
