--- The functions of a file, as the server's outline has them.

local client = require('irlens.client')
local say = require('irlens.say')

local M = {}

local METHOD = 'textDocument/documentSymbol'
local FUNCTION = 12 -- LSP's SymbolKind
-- A server that has just been started answers its first question late.
local WAIT_MS = 3000

local function params(bufnr)
  return { textDocument = { uri = vim.uri_from_bufnr(bufnr) } }
end

--- Those with a body; a declaration has nothing to work on.
local function defined(symbols)
  return vim.tbl_filter(function(symbol)
    return symbol.kind == FUNCTION and symbol.detail ~= 'declared'
  end, symbols or {})
end

--- Names, for completion.
---@param bufnr integer
---@return string[]
function M.names_now(bufnr)
  return vim.tbl_map(function(symbol)
    return symbol.name
  end, defined(client.ask_now(bufnr, METHOD, params(bufnr), WAIT_MS)))
end

--- Find the function that is named, else the one at a line, else the one that the user chooses.
---@param bufnr integer
---@param line integer from 0
---@param name? string
---@param done fun(name: string, symbol: table)
function M.choose(bufnr, line, name, done)
  local server = client.of(bufnr)
  if not server then
    say.no_server(bufnr)
    return
  end
  client.call(server, 'request', METHOD, params(bufnr), function(err, symbols)
    local all = defined(not err and symbols or {})
    if #all == 0 then
      say.warn(err and err.message or 'there is no function in this file.')
      return
    end
    for _, symbol in ipairs(all) do
      local range = symbol.range
      local is_here = range.start.line <= line and line <= range['end'].line
      if (name and symbol.name == name) or (not name and is_here) then
        done(symbol.name, symbol)
        return
      end
    end
    if name then
      say.warn(('there is no function %s here. Complete the name with <Tab>, or put the cursor into it.'):format(name))
      return
    end
    vim.ui.select(all, {
      prompt = 'Which function?',
      format_item = function(symbol)
        return symbol.name
      end,
    }, function(symbol)
      if symbol then
        done(symbol.name, symbol)
      end
    end)
  end, bufnr)
end

return M
