--- Passes and pipelines: the server's list with what each does, completion, and choosing one.

local client = require('irlens.client')
local say = require('irlens.say')

local M = {}

local METHOD = 'irlens/passes'
-- The server may look for an installed `opt` first, once.
local WAIT_MS = 5000

local LEVELS = {
  { name = 'default<O1>', summary = 'what clang runs at -O1' },
  { name = 'default<O2>', summary = 'what clang runs at -O2' },
  { name = 'default<O3>', summary = 'what clang runs at -O3' },
  { name = 'default<Os>', summary = 'what clang runs at -Os' },
  { name = 'default<Oz>', summary = 'what clang runs at -Oz, for the smallest code' },
}

local known ---@type table[]?

local function keep(passes)
  known = vim.list_extend({}, LEVELS)
  local rest = vim.tbl_filter(function(pass)
    return pass.kind ~= 'container' and not pass.name:match('^default<')
  end, passes)
  table.sort(rest, function(a, b)
    if a.runnable ~= b.runnable then
      return a.runnable
    end
    return a.name < b.name
  end)
  vim.list_extend(known, rest)
  return known
end

--- What the file's own RUN lines run.
local function of_file(bufnr)
  local found, seen = {}, {}
  for _, line in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, 200, false)) do
    local rest = line:match('^%s*;.*%-passes=(.*)')
    local pipeline = rest and (rest:match("^'([^']+)'") or rest:match('^"([^"]+)"') or rest:match('^%S+'))
    if pipeline and not seen[pipeline] then
      seen[pipeline] = true
      table.insert(found, { name = pipeline, summary = 'a RUN line of this file' })
    end
  end
  return found
end

--- For completion: names that begin with what is typed, then those that have it, or whose description has it.
---@param bufnr integer
---@param typed string
---@return string[]
function M.matching(bufnr, typed)
  local all = known or client.ask_now(bufnr, METHOD, {}, WAIT_MS)
  if not all then
    return {}
  end
  all = known or keep(all)
  -- In a pipeline such as function(sroa,inst... the last name is the one to complete.
  local head, word = typed:match('^(.*[(,])(.*)$')
  head, word = head or '', (word or typed):lower()
  local first, second = {}, {}
  for _, pass in ipairs(vim.list_extend(head == '' and of_file(bufnr) or {}, all)) do
    if vim.startswith(pass.name:lower(), word) then
      table.insert(first, head .. pass.name)
    elseif (pass.name .. ' ' .. (pass.summary or '')):lower():find(word, 1, true) then
      table.insert(second, head .. pass.name)
    end
  end
  return vim.list_extend(first, second)
end

--- Have the user choose by name and description.
---@param bufnr integer
---@param prompt string
---@param done fun(pipeline: string)
function M.choose(bufnr, prompt, done)
  local function ask()
    vim.ui.select(vim.list_extend(of_file(bufnr), known), {
      prompt = prompt,
      kind = 'irlens_pass',
      format_item = function(pass)
        local cannot = pass.runnable == false and ' (nothing here can run it)' or ''
        return pass.name .. ': ' .. (pass.summary or '') .. cannot
      end,
    }, function(pass)
      if pass then
        done(pass.name)
      end
    end)
  end
  if known then
    ask()
    return
  end
  local server = client.of(bufnr)
  if not server then
    say.no_server(bufnr)
    return
  end
  client.call(server, 'request', METHOD, vim.empty_dict(), function(err, passes)
    if err then
      say.error('the passes cannot be listed: ' .. err.message)
      return
    end
    keep(passes)
    ask()
  end, bufnr)
end

return M
