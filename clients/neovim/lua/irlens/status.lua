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
  local model = status.model
  local lines = {
    ('Server: %s%s'):format(status.state, status.reason ~= '' and ' (' .. status.reason .. ')' or ''),
    'Model: ' .. model_words(model),
    ('The model is %s%s.'):format(
      model.state == 'absent' and 'not loaded' or model.state,
      model.reason ~= '' and ' (' .. model.reason .. ')' or ''
    ),
  }
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
  return ('irlens: ' .. text):gsub('%%', '%%%%')
end

return M
