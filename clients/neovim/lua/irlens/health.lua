--- `:checkhealth irlens`: what is there, what is missing, and what to do about it.

local M = {}

local health = vim.health or require('health')
local start = health.start or health.report_start
local ok = health.ok or health.report_ok
local info = health.info or health.report_info
local warn = health.warn or health.report_warn
local fail = health.error or health.report_error

--- The command that a server would be started with now.
local function command()
  local options = require('irlens.start').options()
  if options then
    return options.cmd
  end
  local config = vim.fn.has('nvim-0.11') == 1 and vim.lsp.config.irlens or nil
  return config and config.cmd
end

local function neovim()
  start('irlens: Neovim')
  local version = vim.version()
  local text = ('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch)
  if vim.fn.has('nvim-0.7') == 0 then
    fail(text .. ' is too old', { 'Install Neovim 0.7 or newer' })
  else
    ok(text)
  end
  local is_set_up = require('irlens.start').options() ~= nil
    or (vim.lsp.is_enabled and vim.lsp.is_enabled('irlens'))
    or (not vim.lsp.is_enabled and vim.lsp.enable ~= nil)
  if is_set_up then
    ok('irlens is set up')
  else
    local how = vim.lsp.enable and "vim.lsp.enable('irlens')" or "require('irlens').setup()"
    fail('irlens is not set up', { ('Put %s into your init.lua'):format(how), ':help irlens-install' })
  end
end

--- Whether the command is there, and what it says of itself.
local function server()
  start('irlens: server')
  local cmd = command()
  if not cmd then
    info('not looked at: irlens is not set up')
    return
  end
  if type(cmd) ~= 'table' then
    info('the command of the server is not known here: it is set to something that is no list')
    return
  end
  local path = vim.fn.exepath(cmd[1])
  if path == '' then
    fail(('"%s" is not found'):format(cmd[1]), {
      'Install irlens ("pipx install" in a clone), or name it: cmd = { "/full/path/irlens", "serve" }',
    })
    return
  end
  ok(path)
  if cmd[#cmd] ~= 'serve' then
    info('the command does not end in "serve", so "doctor" was not asked')
    return
  end
  local doctor = vim.list_extend(vim.list_slice(cmd, 1, #cmd - 1), { 'doctor', '--json' })
  local answer = vim.fn.system(doctor)
  local is_json, report = pcall(vim.fn.json_decode, answer)
  if not is_json or type(report) ~= 'table' then
    fail('it does not run: ' .. vim.trim(answer), { 'Run "irlens doctor" in a shell' })
    return
  end
  ok('version ' .. tostring(report.irlens))
  local model = type(report.model) == 'table' and report.model or {}
  if model.name then
    ok(('model %s, %s on %s'):format(model.name, model.engine or '?', model.device or '?'))
  end
  for _, problem in ipairs(type(report.missing) == 'table' and report.missing or {}) do
    warn(tostring(problem))
  end
end

local function clients()
  start('irlens: running')
  local all = require('irlens.client').all()
  if #all == 0 then
    info('no server runs; one is started by opening a .ll or a .s file')
    return
  end
  for _, client in ipairs(all) do
    local folder = client.config.root_dir or 'no folder'
    ok(('server %d, for %s, positions in %s'):format(client.id, folder, client.offset_encoding))
  end
  for _, line in ipairs(require('irlens.status').lines(vim.api.nvim_get_current_buf())) do
    info(line)
  end
end

local function filetypes()
  start('irlens: filetypes')
  local wrong = {}
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(bufnr)
    local filetype = vim.bo[bufnr].filetype
    if vim.api.nvim_buf_is_loaded(bufnr) and name:match('%.ll$') and filetype ~= 'llvm' and filetype ~= 'lex' then
      table.insert(wrong, ('%s is %s'):format(vim.fn.fnamemodify(name, ':t'), filetype))
    end
  end
  if #wrong == 0 then
    ok('.ll is llvm, .s and .asm are asm')
  else
    warn(table.concat(wrong, ', ') .. ', so irlens leaves it alone', {
      'Another plugin sets this filetype. Have it leave .ll to irlens, or :setfiletype llvm',
    })
  end
end

function M.check()
  neovim()
  server()
  clients()
  filetypes()
end

return M
