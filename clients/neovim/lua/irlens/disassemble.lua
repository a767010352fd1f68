--- An object or program as a listing: assembly in a buffer that nobody types into, whose functions are lifted like those
--- of a `.s`. The server reads the file; nothing of it is run.

local client = require('irlens.client')
local jobs = require('irlens.jobs')
local say = require('irlens.say')
local view = require('irlens.view')

local M = {}

---@param server table
---@param listed table the server's answer
local function open(server, listed)
  local bufnr = view.open({
    name = 'listing/' .. listed.fileName,
    lines = vim.split(listed.text:gsub('\n$', ''), '\n'),
    filetype = 'asm',
    height = math.floor(vim.o.lines * 2 / 3),
    focus = true,
  })
  -- Servers are attached to files by themselves, and this is none.
  vim.lsp.buf_attach_client(bufnr, server.id)
  if listed.notes and #listed.notes > 0 then
    say.info(table.concat(listed.notes, ' '))
  end
end

---@param source integer a buffer whose server is asked first
---@param file string
---@param first? string the function that the listing of a program begins with
function M.run(source, file, first)
  local server = client.of(source) or client.all()[1]
  if not server or not server.initialized then
    say.no_server(source)
    return
  end
  local path = say.path(file)
  local params = { uri = vim.uri_from_fname(path), ['function'] = first }
  jobs.ask(source, 'Disassemble ' .. say.line(vim.fn.fnamemodify(path, ':t')), 'irlens/disassemble', params, function(listed)
    open(server, listed)
  end, { server = server })
end

--- A `.S` as its assembler gets it. The buffer is what is preprocessed, saved or not.
---@param bufnr integer
function M.preprocess(bufnr)
  local server = client.of(bufnr)
  if not server or not server.initialized then
    say.no_server(bufnr)
    return
  end
  local title = 'Preprocess ' .. say.line(vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':t'))
  jobs.ask(bufnr, title, 'irlens/preprocess', { uri = vim.uri_from_bufnr(bufnr) }, function(made)
    open(server, made)
  end, { server = server })
end

return M
