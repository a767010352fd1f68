--- What the user asked for and waits for: a request with progress that `:IrlensCancel` can call off.

local client = require('irlens.client')
local progress = require('irlens.progress')
local say = require('irlens.say')

local M = {}

---@class irlens.Job
---@field title string
---@field message string what is happening
---@field client table
---@field id? integer of the request
---@field over boolean nobody waits for it any more
---@field ending? string the server's word on how it ended: "done", "failed" or "cancelled"
---@field cancelled? fun() what is said when it was called off

local running = {} ---@type irlens.Job[]
local count = 0

-- Neovim hands on no reply of the first kind; the second is the server's own.
local CANCELLED = { [-32800] = true, [-32802] = true }

local CANCELLED_WORD = 'cancelled'

local function redraw()
  pcall(vim.cmd, 'redrawstatus')
end

--- The end of a job, once; whatever comes after it is dropped.
---@param text? string the last word on the line where its progress was
local function finish(job, text)
  job.over = true
  for index, one in ipairs(running) do
    if one == job then
      table.remove(running, index)
      break
    end
  end
  progress.echo('irlens: ' .. job.title .. ': ' .. (text or 'done'))
  redraw()
  if text == CANCELLED_WORD and job.cancelled then
    job.cancelled()
  end
end

-- No window can be opened from the command-line window: what would do so waits until it is left.
local function when_windows_open(show)
  if vim.fn.getcmdwintype() == '' then
    show()
    return
  end
  vim.api.nvim_create_autocmd('CmdwinLeave', { once = true, callback = vim.schedule_wrap(show) })
end

---@return irlens.Job[]
function M.running()
  return running
end

--- Ask the server of a buffer; `done` gets the answer, and is not called where the job failed or was called off,
--- which the user was then told.
---@param bufnr integer
---@param title string
---@param method string
---@param params table
---@param done fun(result: table)
---@param opts? { server: table, cancelled: fun() } another client than the buffer's; what to say when it was called off
function M.ask(bufnr, title, method, params, done, opts)
  local server = opts and opts.server or client.of(bufnr)
  if not server then
    say.no_server(bufnr)
    return
  end
  count = count + 1
  local job = { title = title, message = '', client = server, over = false, cancelled = opts and opts.cancelled }
  local token = 'irlens-nvim-' .. count
  progress.listen(token, function(value)
    if value.kind == 'end' then
      job.ending = value.message
    end
    if job.over or value.kind == 'end' then
      return
    end
    job.message = value.message or job.message
    if job.message ~= '' then
      progress.echo(('irlens: %s: %s'):format(title, job.message))
    end
    redraw()
  end)
  progress.echo(('irlens: %s (:IrlensCancel stops it)'):format(title))
  table.insert(running, job)
  params = vim.tbl_extend('force', params, { workDoneToken = token })
  local sent, id = client.call(server, 'request', method, params, function(err, result)
    if job.over then
      return
    end
    if not err then
      finish(job)
      when_windows_open(function()
        done(result)
      end)
    elseif CANCELLED[err.code] then
      finish(job, CANCELLED_WORD)
    else
      finish(job, 'failed')
      say.error(title .. ': ' .. err.message)
    end
  end, bufnr)
  job.id = id
  if not sent then
    finish(job, 'not sent')
    say.error(title .. ': the server takes no request any more. :IrlensRestart starts a new one.')
  end
end

--- Call off everything; how many jobs there were.
---@return integer
function M.cancel()
  local jobs = vim.list_extend({}, running)
  for _, job in ipairs(jobs) do
    client.call(job.client, 'cancel_request', job.id)
    finish(job, CANCELLED_WORD)
  end
  return #jobs
end

--- A server has ended: nobody will answer what it was asked.
---@param id integer of its client
function M.server_ended(id)
  for _, job in ipairs(vim.list_extend({}, running)) do
    if job.client.id == id then
      finish(job, 'the server ended')
      say.error(job.title .. ': the server ended before it answered. Try again; :IrlensLog may say why.')
    end
  end
end

return M
