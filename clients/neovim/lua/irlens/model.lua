--- Which model is asked: shown, set for as long as this Neovim runs, or what irlens.models does about it.

local client = require('irlens.client')
local say = require('irlens.say')
local status = require('irlens.status')

local M = {}

M.OWN = 'default' -- nothing is set here

local function set(settings, path)
  settings.irlens = vim.tbl_deep_extend('force', settings.irlens or {}, { model = { path = path } })
end

--- Tell the servers that run and those that will be started.
---@param path string|userdata `vim.NIL` for none
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

--- The words after `:IrlensModel`, and what each does with the words after it.
M.ACTIONS = { 'list', 'pull', 'use', 'remove', 'info' }

--- Another file for as long as this Neovim runs; nothing is kept.
local function use_for_now(path)
  if path == M.OWN then
    use(vim.NIL)
    say.info('no file is set here: the model that :IrlensModel use chose is asked, else the one that comes with irlens.')
    return
  end
  path = say.path(path)
  if vim.fn.filereadable(path) == 0 then
    say.warn(
      path .. ' cannot be read. Name a GGUF file, "default", or one of ' .. table.concat(M.ACTIONS, ', ') .. '.'
    )
    return
  end
  use(path)
  say.info(
    ('%s is asked from now on, until Neovim ends. To keep it: :IrlensModel use %s'):format(
      vim.fn.fnamemodify(path, ':~:.'),
      vim.fn.fnamemodify(path, ':~:.')
    )
  )
end

--- Show the model, or do what is said about models.
---@param bufnr integer
---@param words string[] an action and its arguments, a GGUF file, or "default"
function M.run(bufnr, words)
  local what = words[1]
  if not what then
    local about = status.model_lines(bufnr)
    say.info(table.concat(about, '\n') .. '\n:IrlensModel use chooses another, :IrlensModel pull downloads one.')
  elseif vim.tbl_contains(M.ACTIONS, what) then
    require('irlens.models')[what](bufnr, words[2], words[3])
  else
    use_for_now(table.concat(words, ' '))
  end
end

return M
