-- The part of the sitting in commands.lua that is about the server: cancel, a server that is killed or keeps dying,
-- progress, the model, checkhealth and help. Gets the tools; a function for each.

local tools, seen, wait, the_client, cursor_on, view, shown, said, press, jobs

-- A lift that takes long, called off in its middle; then the model is free at once.
local function cancel()
  local asm = tools.open('fields.s')
  wait('the server on assembly', function()
    return the_client(asm)
  end)
  cursor_on('buffer_at:')
  vim.cmd('IrlensLift buffer_at')
  wait('the model to be at it', function()
    return ((jobs()[1] or {}).message or ''):find('candidate [2-9]')
  end)
  seen.under_way = table.concat(require('irlens.status').lines(asm), '\n')
  seen.statusline = require('irlens').statusline()
  local job = jobs()[1]
  local began = vim.loop.hrtime()
  vim.cmd('IrlensCancel')
  seen.jobs_after_cancel = #jobs()
  seen.cancel_ending = wait('the server to end it', function()
    return job.ending
  end)
  wait('the model to be free', function()
    return (require('irlens.status').of(asm) or { model = {} }).model.state == 'ready'
  end)
  seen.cancel_ms = (vim.loop.hrtime() - began) / 1e6
  seen.view_after_cancel = view('lift/') ~= nil
  vim.cmd('IrlensCancel')
  seen.nothing_to_cancel = said('nothing is running')
end

-- The server is killed in the middle of a lift: the user is told, and it is back.
local function killed()
  local asm = tools.open('fields.s')
  local id = the_client(asm).id
  cursor_on('buffer_at:')
  vim.cmd('IrlensLift')
  wait('the lift to be under way', function()
    return ((jobs()[1] or {}).message or ''):find('candidate')
  end)
  local servers = tools.servers()
  vim.loop.kill(servers[#servers].pid, 'sigkill')
  seen.told_of_death = wait('word of the death', function()
    return said('the server ended before it answered')
  end)
  seen.told_of_start = wait('word of the new one', function()
    return said('is started again')
  end)
  wait('the server to be back', function()
    local client = the_client(asm)
    return client and client.id ~= id
  end)
  seen.jobs_after_death = #jobs()

  -- And by hand; asked for twice, it happens once.
  id = the_client(asm).id
  vim.cmd('IrlensRestart')
  vim.cmd('IrlensRestart')
  wait('the server to be restarted', function()
    local client = the_client(asm)
    return client and client.id ~= id
  end)
end

-- A server that keeps dying is left alone. The deaths are made up; the server that runs goes on.
local function dying()
  for _ = 1, 4 do
    require('irlens.life').on_exit(1, 0, -1)
  end
  seen.left_alone = wait('an end to the restarts', function()
    return said('is not started again')
  end)
  seen.revivals = #vim.tbl_filter(function(text)
    return text:find('(exit code 1) and is started again', 1, true) ~= nil
  end, seen.messages)
end

-- Nothing hears of progress: it is still said that something began and how it ended.
local function plainly()
  tools.open('heavy.ll')
  if vim.fn.exists('##LspProgress') == 1 then
    vim.api.nvim_clear_autocmds({ group = 'irlens_progress' })
  else
    the_client(vim.api.nvim_get_current_buf()).config.handlers['$/progress'] = nil
  end
  cursor_on('alloca')
  local before = #seen.echoed
  vim.cmd('IrlensSteps sroa')
  shown('steps/')
  seen.plainly = vim.list_slice(seen.echoed, before + 1)
  press('q')
  vim.cmd('silent only')
end

local function model()
  local asm = tools.open('sum.s')
  wait('the model by name', function()
    return (require('irlens.status').of(asm) or { model = { name = '' } }).model.name ~= ''
  end)
  vim.cmd('IrlensModel')
  seen.model = said(':IrlensModel use chooses another')
  vim.cmd('IrlensStatus')
  seen.status = said('Server: ready')
  vim.cmd('IrlensModel absent.gguf')
  seen.no_model = said('cannot be read')
  vim.cmd('IrlensModel not-a-model.gguf')
  wait('the server to look at it', function()
    return (require('irlens.status').of(asm) or { model = {} }).model.state == 'failed'
  end)
  vim.cmd('IrlensModel default')
  wait('the old one', function()
    return (require('irlens.status').of(asm) or { model = { name = '' } }).model.name == 'irlens-small'
  end)
end

local function help()
  vim.cmd('IrlensLog')
  seen.log = vim.fn.expand('%:t')
  vim.cmd('silent tabclose')
  vim.cmd('silent checkhealth irlens')
  seen.health = tools.text_of(vim.api.nvim_get_current_buf())
  vim.cmd('silent help irlens')
  seen.help = vim.fn.expand('%:t')
  seen.commands = vim.tbl_filter(function(name)
    return vim.startswith(name, 'Irlens')
  end, vim.tbl_keys(vim.api.nvim_get_commands({})))
  seen.without_help = vim.tbl_filter(function(name)
    return not pcall(vim.cmd, 'silent help :' .. name)
  end, seen.commands)
  vim.cmd('silent helptags ' .. vim.fn.fnameescape(vim.env.IRLENS_PLUGIN_COPY .. '/doc'))
end

return function(given)
  tools = given
  seen, wait, the_client, cursor_on = tools.seen, tools.wait, tools.the_client, tools.cursor_on
  view, shown, said, press, jobs = tools.view, tools.shown, tools.said, tools.press, tools.jobs
  for _, part in ipairs({ cancel, killed, dying, plainly, model }) do
    part()
  end
  seen.servers = tools.servers()
  help() -- checkhealth runs `irlens doctor`, which is no server
end
