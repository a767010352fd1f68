--- Starts and attaches the server where `vim.lsp.enable` does not exist: Neovim 0.7 to 0.10.

local M = {}

local defaults = {
  cmd = { 'irlens', 'serve' },
  filetypes = { 'llvm', 'asm' },
  settings = {},
}

local options ---@type irlens.Options? nil until `setup`
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
  local at = folder
  -- Not `finddir`, which takes a folder called `**` for a pattern.
  while not vim.loop.fs_stat(at .. '/.git') do -- a file in work trees and submodules
    local above = vim.fn.fnamemodify(at, ':h')
    if above == at then
      return folder
    end
    at = above
  end
  return at
end

local function start(root)
  local capabilities = options.capabilities or vim.lsp.protocol.make_client_capabilities()
  local handlers = vim.tbl_extend('force', {}, require('irlens.status').handlers)
  if vim.fn.exists('##LspProgress') == 0 then
    handlers['$/progress'] = require('irlens.progress').handler
  end
  local more = { workspace = { configuration = true } } -- 0.7 answers the question and does not say so
  if not vim.tbl_get(capabilities, 'window', 'showDocument', 'support') then
    more.window = { showDocument = { support = true } }
    handlers['window/showDocument'] = show_document
  end
  capabilities = vim.tbl_deep_extend('force', capabilities, more)
  return vim.lsp.start_client({
    name = 'irlens',
    cmd = options.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    settings = options.settings,
    init_options = options.init_options,
    capabilities = capabilities,
    handlers = handlers,
    before_init = require('irlens.client').before_init,
    on_init = require('irlens.client').on_init,
    on_attach = options.on_attach,
    on_exit = function(code, signal, id)
      if clients[root] == id then
        clients[root] = nil
      end
      require('irlens.life').on_exit(code, signal, id)
    end,
  })
end

--- Attach a buffer to the server of its root folder, which is started where there is none yet.
local function attach(bufnr)
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

--- Attach every open buffer of our filetypes; false where `setup` was not used.
function M.attach_all()
  if not options then
    return false
  end
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.tbl_contains(options.filetypes, vim.bo[bufnr].filetype) then
      attach(bufnr)
    end
  end
  return true
end

--- The command and the settings that the next server starts with; nil where `setup` was not used.
---@return irlens.Options?
function M.options()
  return options
end

---@param given irlens.Options
function M.setup(given)
  options = vim.tbl_extend('force', vim.deepcopy(defaults), given)
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('irlens', { clear = true }),
    pattern = options.filetypes,
    callback = function(event)
      attach(event.buf)
    end,
  })
  M.attach_all()
end

return M
