--- A server that dies is started again; one that keeps dying is left alone, with the reason.

local client = require('irlens.client')
local say = require('irlens.say')

local M = {}

local MOST_DEATHS, WITHIN_S = 3, 180
local SIGTERM = 15 -- who sends this one means it

local deaths = {} ---@type integer[] when, in seconds
local restarting = false

--- Start the server for the buffers that are open, in the way it was set up.
local function start()
  if not require('irlens.start').attach_all() and vim.lsp.enable then
    vim.lsp.enable('irlens')
  end
end

--- Go on when no client is left, or when `limit_ms` are over.
local function when_gone(limit_ms, go_on)
  local waited, step = 0, 50
  local function look()
    if #client.all() == 0 or waited >= limit_ms then
      go_on(#client.all() == 0)
    else
      waited = waited + step
      vim.defer_fn(look, step)
    end
  end
  look()
end

local function died(how)
  local now = os.time()
  deaths = vim.tbl_filter(function(when)
    return now - when < WITHIN_S
  end, deaths)
  table.insert(deaths, now)
  if #deaths > MOST_DEATHS then
    say.error(
      ('the server ended %d times in %d minutes (%s) and is not started again. '):format(#deaths, WITHIN_S / 60, how)
        .. 'See :IrlensLog and :checkhealth irlens, then :IrlensRestart.'
    )
    return
  end
  say.warn(('the server ended (%s) and is started again.'):format(how))
  vim.defer_fn(start, 50) -- Neovim forgets the old client first
end

--- For `on_exit` of the client's configuration.
function M.on_exit(code, signal, id)
  vim.schedule(function()
    require('irlens.jobs').server_ended(id)
    require('irlens.status').forget(id)
    local meant = (code == 0 and signal == 0) or signal == SIGTERM or code == 128 + SIGTERM
    if restarting or meant or type(vim.v.exiting) == 'number' then
      return
    end
    died(signal ~= 0 and ('signal %d'):format(signal) or ('exit code %d'):format(code))
  end)
end

--- Stop every server and start anew. Asked for twice at once, it happens once.
function M.restart()
  if restarting then
    return
  end
  restarting = true
  deaths = {}
  for _, one in ipairs(client.all()) do
    client.call(one, 'stop')
  end
  when_gone(5000, function(gone)
    for _, one in ipairs(gone and {} or client.all()) do
      client.call(one, 'stop', true)
    end
    when_gone(5000, function()
      restarting = false
      start()
    end)
  end)
end

return M
