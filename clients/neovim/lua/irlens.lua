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

--- `window/showDocument`, which opens a lifted function and which 0.7 does not have.
local function show_document(_, params, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  local start = { line = 0, character = 0 }
  local range = params.selection or { start = start, ['end'] = start }
  vim.lsp.util.jump_to_location({ uri = params.uri, range = range }, client.offset_encoding)
  return { success = true }
end

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
  local capabilities = options.capabilities or vim.lsp.protocol.make_client_capabilities()
  local handlers = {}
  if not vim.tbl_get(capabilities, 'window', 'showDocument', 'support') then
    local window = { window = { showDocument = { support = true } } }
    capabilities = vim.tbl_deep_extend('force', capabilities, window)
    handlers['window/showDocument'] = show_document
  end
  return vim.lsp.start_client({
    name = 'irlens',
    cmd = options.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    settings = options.settings,
    init_options = options.init_options,
    capabilities = capabilities,
    handlers = handlers,
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
