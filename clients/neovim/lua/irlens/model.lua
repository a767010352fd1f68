--- Which model is asked: shown, and chosen anew for as long as this Neovim runs.

local client = require('irlens.client')
local say = require('irlens.say')
local status = require('irlens.status')

local M = {}

M.OWN = 'default' -- the model that comes with irlens

local function set(settings, path)
  settings.irlens = vim.tbl_deep_extend('force', settings.irlens or {}, { model = { path = path } })
end

--- Tell the servers that run and those that will be started.
---@param path string|userdata `vim.NIL` for irlens's own
local function use(path)
  for _, server in ipairs(client.all()) do
    -- 0.11 answers the server's question from the former, older ones from the latter.
    for _, settings in ipairs({ server.settings or {}, server.config.settings or {} }) do
      set(settings, path)
    end
    server.config.settings = server.config.settings or {}
    set(server.config.settings, path)
    local sent = { settings = server.settings or server.config.settings }
    client.call(server, 'notify', 'workspace/didChangeConfiguration', sent)
  end
  local options = require('irlens.start').options()
  if options then
    options.settings = options.settings or {}
    set(options.settings, path)
  elseif vim.fn.has('nvim-0.11') == 1 then
    vim.lsp.config('irlens', { settings = { irlens = { model = { path = path } } } })
  end
end

--- Show the model, or choose another.
---@param bufnr integer
---@param path? string a GGUF file, or "default"
function M.run(bufnr, path)
  if not path then
    local lines = status.lines(bufnr)
    local about = vim.list_slice(lines, math.min(2, #lines), 3)
    say.info(table.concat(about, '\n') .. '\n:IrlensModel {file} chooses another.')
    return
  end
  if path == M.OWN then
    use(vim.NIL)
    say.info('the model that comes with irlens is asked from now on.')
    return
  end
  path = vim.fn.fnamemodify(vim.fn.expand(path), ':p')
  if vim.fn.filereadable(path) == 0 then
    say.warn(path .. ' cannot be read. Name a GGUF file, or "default" for the model that comes with irlens.')
    return
  end
  use(path)
  say.info(
    ('%s is asked from now on, until Neovim ends. To keep it, put it into the settings: :help irlens-model'):format(
      vim.fn.fnamemodify(path, ':~:.')
    )
  )
end

return M
