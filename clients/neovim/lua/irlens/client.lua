--- The running client of irlens, and Neovim's two ways of calling one.

local M = {}

local has_methods = vim.fn.has('nvim-0.11') == 1

--- `client:method(...)` on 0.11 and newer, `client.method(...)` before.
function M.call(client, method, ...)
  if has_methods then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- Every client of irlens, those included that are only starting or just stopping.
function M.all()
  local found = {}
  local clients = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  for _, client in pairs(clients) do
    if client.name == 'irlens' then
      table.insert(found, client)
    end
  end
  return found
end

--- The client that answers for a buffer; nil where there is none yet.
---@param bufnr integer
function M.of(bufnr)
  local clients = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = bufnr }) or vim.lsp.buf_get_clients(bufnr)
  for _, client in pairs(clients) do
    if client.name == 'irlens' and client.initialized and not M.call(client, 'is_stopped') then
      return client
    end
  end
end

--- Ask and wait; for completion only, where Neovim waits anyway. nil where no answer came in time.
---@param bufnr integer
---@param method string
---@param params table
---@param wait_ms integer
function M.ask_now(bufnr, method, params, wait_ms)
  local client = M.of(bufnr) or M.all()[1]
  if not client or not client.initialized then
    return nil
  end
  local answer = M.call(client, 'request_sync', method, params, wait_ms, bufnr)
  return answer and answer.result or nil
end

--- Have errors sent rather than asked for: Neovim asks after a change only, so with `diagnostics.onChange` turned
--- off nothing would come on save.
function M.before_init(params)
  params.capabilities.textDocument.diagnostic = nil
end

--- What a command of the server is about: its buffer and the rest of its argument.
local function target_of(command)
  local target = command.arguments and command.arguments[1] or {}
  return target.uri and vim.uri_to_bufnr(target.uri) or vim.api.nvim_get_current_buf(), target
end

--- Hints of sizes are no errors: they are underlined, listed and told, and leave the sign column alone. What the user
--- has set for signs is kept.
local function without_signs_of_hints(id)
  local namespace = vim.lsp.diagnostic.get_namespace(id)
  local signs = vim.diagnostic.config().signs
  if signs == false or type(signs) == 'function' or (type(signs) == 'table' and signs.severity) then
    return
  end
  signs = vim.deepcopy(type(signs) == 'table' and signs or {})
  signs.severity = { min = vim.diagnostic.severity.INFO }
  vim.diagnostic.config({ signs = signs }, namespace)
end

--- Once a client is there: what the server's code lenses and quick fixes name and Neovim does better is done here.
function M.on_init(server)
  without_signs_of_hints(server.id)
  vim.lsp.commands['irlens.lift'] = function(command)
    local bufnr, target = target_of(command)
    require('irlens.lift').run(bufnr, target['function'])
  end
  vim.lsp.commands['irlens.tune'] = function(command)
    require('irlens.tune').run((target_of(command)))
  end
  vim.lsp.commands['irlens.applyHere'] = function(command)
    local bufnr, target = target_of(command)
    require('irlens.tune').improve(bufnr, target['function'])
  end
  vim.lsp.commands['irlens.copy'] = function(command)
    local text = command.arguments[1]
    vim.fn.setreg('"', text)
    pcall(vim.fn.setreg, '+', text) -- where there is a clipboard
    require('irlens.say').info('yanked: ' .. text)
  end
end

return M
