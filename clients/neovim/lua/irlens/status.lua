--- What the server tells of itself by `irlens/status`, and the words for it.

local client = require('irlens.client')
local say = require('irlens.say')

local M = {}

local told = {} ---@type table<integer, table> the last status by client id
local asked = {} ---@type table<string, boolean> questions that were put to the user

--- What stands in the way of a buffer, by the last status; nil where nothing does.
local function question_of(status, bufnr)
  for _, question in ipairs(status.questions or {}) do
    if vim.uri_to_bufnr(question.uri) == bufnr then
      return question
    end
  end
end

--- Put a question once, and only for the buffer in front: of other files the status says it when they are.
local function ask(status)
  local question = question_of(status, vim.api.nvim_get_current_buf())
  if question and not asked[question.uri .. question.text] then
    asked[question.uri .. question.text] = true
    local how = question.kind == 'target' and ' :IrlensTarget answers for this file.' or ''
    say.info(('%s: %s%s'):format(vim.fn.fnamemodify(vim.uri_to_fname(question.uri), ':t'), question.text, how))
  end
end

--- Of a client's configuration.
M.handlers = {
  ['irlens/status'] = function(_, status, ctx)
    told[ctx.client_id] = status
    ask(status)
    pcall(vim.cmd, 'redrawstatus')
  end,
}

vim.api.nvim_create_autocmd('BufEnter', {
  group = vim.api.nvim_create_augroup('irlens_status', { clear = true }),
  callback = function(event)
    local server = client.of(event.buf)
    if server and told[server.id] then
      ask(told[server.id])
    end
  end,
})

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

--- Why the model of a task cannot be used; nil where it can, or where that is not known.
---@param bufnr integer
---@param task string
function M.model_trouble(bufnr, task)
  local model = ((M.of(bufnr) or {}).tasks or {})[task]
  return model and model.state == 'failed' and model.reason or nil
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
  local question = question_of(status, bufnr)
  if question then
    table.insert(lines, question.text .. (question.kind == 'target' and ' :IrlensTarget answers for this file.' or ''))
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
    local question = question_of(status, bufnr)
    text = status.state ~= 'ready' and status.state
      or question and (question.kind == 'target' and 'target?' or 'not supported')
      or WORDS[status.model.state]
      or status.model.state
  end
  return say.in_statusline('irlens: ' .. text)
end

return M
