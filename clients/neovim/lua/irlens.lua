--- irlens for Neovim 0.7 to 0.10, and for those who like a `setup()` in newer ones.
---
--- On 0.11 and newer `vim.lsp.enable('irlens')` does without this module. Where `vim.lsp.config` exists,
--- `setup()` hands its options to it; before, it starts one server for each root folder by itself.

local M = {}

---@class irlens.Options
---@field cmd? string[] command of the server
---@field filetypes? string[] filetypes to attach to
---@field root_dir? fun(file: string): string root folder of a file; default: the nearest with `.git`
---@field settings? table `{ irlens = { ... } }`, as in the manual
---@field init_options? table sent with `initialize`
---@field capabilities? table client capabilities; default: Neovim's own
---@field on_attach? fun(client: table, bufnr: integer)
local defaults = {
  cmd = { 'irlens', 'serve' },
  filetypes = { 'llvm', 'asm' },
  settings = {},
}

local options = defaults
local clients = {} ---@type table<string, integer> client id by root folder

--- Commands that the server leaves to the editor. Neovim before 0.8 does not offer `window/showDocument`.
M.commands = {
  ['irlens.open'] = function(command)
    local bufnr = vim.uri_to_bufnr(command.arguments[1])
    vim.api.nvim_buf_set_option(bufnr, 'buflisted', true)
    vim.cmd('sbuffer ' .. bufnr)
  end,
}

local function root_of(file)
  if options.root_dir then
    return options.root_dir(file)
  end
  local folder = vim.fn.fnamemodify(file, ':p:h')
  local upwards = vim.fn.escape(folder, ' ,;\\') .. ';'
  local git = vim.fn.finddir('.git', upwards)
  if git ~= '' then
    return vim.fn.fnamemodify(git, ':p:h:h')
  end
  git = vim.fn.findfile('.git', upwards) -- a file in work trees and submodules
  return git == '' and folder or vim.fn.fnamemodify(git, ':p:h')
end

local function start(root)
  return vim.lsp.start_client({
    name = 'irlens',
    cmd = options.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    settings = options.settings,
    init_options = options.init_options,
    capabilities = options.capabilities,
    commands = M.commands,
    on_attach = options.on_attach,
    on_exit = function(_, _, id)
      if clients[root] == id then
        clients[root] = nil
      end
    end,
  })
end

--- Attach a buffer to the server of its root folder, which is started where there is none yet.
function M.attach(bufnr)
  local file = vim.api.nvim_buf_get_name(bufnr)
  if file == '' or file:match('^%a[%w+.-]*://') or vim.bo[bufnr].buftype ~= '' then
    return -- nothing on disk: no root to start from
  end
  local root = root_of(file)
  local id = clients[root]
  if not id or not vim.lsp.get_client_by_id(id) then
    id = start(root)
    clients[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(bufnr, id)
  end
end

--- Start irlens for every buffer of its filetypes, open ones included.
---@param given? irlens.Options
function M.setup(given)
  options = vim.tbl_extend('force', defaults, given or {})
  if vim.fn.has('nvim-0.11') == 1 then
    local config = vim.tbl_extend('force', {}, given or {})
    local root_dir = config.root_dir
    if root_dir then
      config.root_dir = function(bufnr, go_on)
        go_on(root_dir(vim.api.nvim_buf_get_name(bufnr)))
      end
    end
    vim.lsp.config('irlens', config)
    vim.lsp.enable('irlens')
    return
  end
  local group = vim.api.nvim_create_augroup('irlens', { clear = true })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = options.filetypes,
    callback = function(event)
      M.attach(event.buf)
    end,
  })
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.tbl_contains(options.filetypes, vim.bo[bufnr].filetype) then
      M.attach(bufnr)
    end
  end
end

return M
