--- What the server tells of itself by `irlens/status`, and the words for it.

local client = require('irlens.client')
local say = require('irlens.say')

local M = {}

local told = {} ---@type table<integer, table> the last status by client id
local asked = {} ---@type table<string, boolean> questions that were put to the user

--- Of a client's configuration.
M.handlers = {
  ['irlens/status'] = function(_, status, ctx)
    told[ctx.client_id] = status
    local question = status.question
    if question and not asked[question.uri .. question.text] then
      asked[question.uri .. question.text] = true
      say.info(('%s: %s'):format(vim.fn.fnamemodify(vim.uri_to_fname(question.uri), ':t'), question.text))
    end
    pcall(vim.cmd, 'redrawstatus')
  end,
}

function M.forget(id)
  told[id] = nil
end

--- The last status of a buffer's server; nil where it has said nothing yet.
---@param bufnr integer
function M.of(bufnr)
  local server = client.of(bufnr) or client.all()[1]
  return server and told[server.id]
end

-- The model's states, as they are worth a word in a 'statusline'.
local WORDS = { absent = 'ready', ready = 'ready', loading = 'loading the model', busy = 'busy', failed = 'no model' }

local function model_words(model)
  local runs = table.concat(
    vim.tbl_filter(function(part)
      return part ~= ''
    end, { model.engine or '', (model.device or '') ~= '' and 'on ' .. model.device or '' }),
    ' '
  )
  return (model.name ~= '' and model.name or 'none') .. (runs ~= '' and ', ' .. runs or '')
end

--- Which model it is; where tasks have different ones, a line for each model; and how it is.
local function lines_of(status)
  local lines, tasks_of, order = {}, {}, {}
  for _, task in ipairs({ 'lift', 'tune', 'predict' }) do
    local model = (status.tasks or {})[task]
    if model then
      local words = model.name ~= '' and model_words(model) or ('none (%s)'):format(model.reason)
      if not tasks_of[words] then
        tasks_of[words] = {}
        table.insert(order, words)
      end
      table.insert(tasks_of[words], task)
    end
  end
  if #order > 1 then
    for _, words in ipairs(order) do
      table.insert(lines, ('Model for %s: %s'):format(table.concat(tasks_of[words], ', '), words))
    end
  else
    table.insert(lines, 'Model: ' .. model_words(status.model))
  end
  local state, reason = status.model.state, status.model.reason
  table.insert(
    lines,
    ('The model is %s%s.'):format(state == 'absent' and 'not loaded' or state, reason ~= '' and ' (' .. reason .. ')' or '')
  )
  return lines
end

--- The part of it that is about the model.
---@param bufnr integer
---@return string[]
function M.model_lines(bufnr)
  local status = M.of(bufnr)
  return status and lines_of(status) or M.lines(bufnr)
end

--- All of it, in lines.
---@param bufnr integer
---@return string[]
function M.lines(bufnr)
  local server = client.of(bufnr) or client.all()[1]
  if not server then
    return { 'No server is running. Open a .ll or a .s file; :checkhealth irlens says what is missing.' }
  end
  local status = told[server.id]
  if not status then
    return { 'The server is starting.' }
  end
  local lines = { ('Server: %s%s'):format(status.state, status.reason ~= '' and ' (' .. status.reason .. ')' or '') }
  vim.list_extend(lines, lines_of(status))
  for _, job in ipairs(require('irlens.jobs').running()) do
    local what = job.message ~= '' and ': ' .. job.message or ''
    table.insert(lines, ('Under way: %s%s (:IrlensCancel stops it)'):format(job.title, what))
  end
  if status.question then
    table.insert(lines, status.question.text)
  end
  return lines
end

--- For a 'statusline'.
---@param bufnr integer
---@return string
function M.line(bufnr)
  local job = require('irlens.jobs').running()[1]
  local text
  if job then
    text = job.title .. (job.message ~= '' and ': ' .. job.message or '')
  else
    local server = client.of(bufnr)
    local status = server and told[server.id]
    if not status then
      return ''
    end
    text = status.state == 'ready' and (WORDS[status.model.state] or status.model.state) or status.state
  end
  return say.in_statusline('irlens: ' .. text)
end

return M
