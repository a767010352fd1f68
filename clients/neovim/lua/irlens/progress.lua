--- `$/progress` of the jobs that irlens.jobs starts.
---
--- From 0.10 on Neovim tells of it by the autocommand LspProgress. Before, `handler` stands before Neovim's own
--- in the clients that irlens.start starts. Either way Neovim's own sees everything too, for plugins that draw
--- progress. Where neither is at work a job still says that it began and how it ended.

local say = require('irlens.say')

local M = {}

local listeners = {} ---@type table<string, fun(value: table)> by token
local has_autocommand = vim.fn.exists('##LspProgress') == 1

local function heard(params)
  local listener = type(params.value) == 'table' and listeners[params.token]
  if listener then
    listener(params.value)
  end
end

function M.handler(err, params, ctx, config)
  heard(params)
  return vim.lsp.handlers['$/progress'](err, params, ctx, config)
end

if has_autocommand then
  vim.api.nvim_create_autocmd('LspProgress', {
    group = vim.api.nvim_create_augroup('irlens_progress', { clear = true }),
    callback = function(event)
      heard((event.data or {}).params or (event.data or {}).result or {})
    end,
  })
end

--- Call `listener` with each value for a token, until its end.
---@param token string
---@param listener fun(value: table)
function M.listen(token, listener)
  listeners[token] = function(value)
    if value.kind == 'end' then
      listeners[token] = nil
    end
    listener(value)
  end
end

--- One line where messages go, replaced by the next one; never long enough to ask for a key.
---@param text string
function M.echo(text)
  if vim.g.irlens_echo_progress == false or vim.api.nvim_get_mode().mode:match('^[cr]') then
    return -- not over what is being typed there
  end
  text = say.line(text)
  local room = vim.v.echospace
  if vim.fn.strdisplaywidth(text) > room then
    text = vim.fn.strcharpart(text, 0, room - 1) .. '…'
  end
  vim.api.nvim_echo({ { text } }, false, {})
  vim.cmd('redraw')
end

return M
