--- The models there are: listing, downloading, choosing and deleting them. What a choice means is the server's to say;
--- it is kept beside the models and counts in every editor and in the shell.

local client = require('irlens.client')
local jobs = require('irlens.jobs')
local say = require('irlens.say')
local view = require('irlens.view')

local M = {}

M.TASKS = { 'lift', 'tune', 'predict' }

local LIST = 'irlens/models'
local WAIT_MS = 2000 -- for completion

local function there(value)
  return value ~= nil and value ~= vim.NIL and value or nil
end

--- Bytes as people read them, in units of ten.
local function size(bytes)
  if bytes >= 1e9 then
    return ('%.2f GB'):format(bytes / 1e9)
  end
  return bytes >= 1e6 and ('%.2f MB'):format(bytes / 1e6) or ('%d bytes'):format(bytes)
end

local function server_of(bufnr)
  local server = client.of(bufnr) or client.all()[1]
  if not server or not server.initialized then
    say.no_server(bufnr)
    return nil
  end
  return server
end

--- A quick question; `done` gets the answer, and an error is told.
local function ask(bufnr, method, params, done)
  local server = server_of(bufnr)
  if server then
    client.call(server, 'request', method, params, function(err, answer)
      if err then
        say.error(err.message)
      else
        done(answer)
      end
    end, bufnr)
  end
end

local function can_be_pulled(model)
  return model.kind == 'catalogue' and model.state ~= 'here'
end

local function can_be_used(model)
  return model.kind ~= 'catalogue' or model.state == 'here'
end

local function can_be_removed(model)
  return model.kind == 'catalogue' and model.state ~= 'absent'
end

--- What is to be known of one, in a line.
local function about(model)
  local parts = {}
  if can_be_pulled(model) then
    table.insert(parts, ('%.3g GB to download'):format(model.gigabytes))
    table.insert(parts, model.state == 'partial' and size(model.bytes) .. ' of it here' or nil)
    table.insert(parts, 'best for ' .. table.concat(model.best, ' and '))
    table.insert(parts, #model.engines == 1 and model.engines[1] .. ' only' or nil)
  else
    table.insert(parts, there(model.bytes) and size(model.bytes) or nil)
    table.insert(parts, model.state == 'absent' and 'not there' or nil)
  end
  if #model.used_for > 0 then
    table.insert(parts, 'used for ' .. table.concat(model.used_for, ', '))
  end
  return table.concat(parts, ', ')
end

--- Have the user choose among those that `wanted` takes.
local function choose(bufnr, prompt, wanted, none, done)
  ask(bufnr, LIST, vim.empty_dict(), function(listed)
    local models = vim.tbl_filter(wanted, listed.models)
    if #models == 0 then
      say.info(none)
      return
    end
    vim.ui.select(models, {
      prompt = prompt,
      kind = 'irlens_model',
      format_item = function(model)
        return model.name .. ': ' .. about(model)
      end,
    }, function(model)
      if model then
        done(model.name, model)
      end
    end)
  end)
end

--- The licence, before anything is fetched; `done` where it is accepted.
local function settle(asked, done)
  local licence = asked.licence
  local lines = { ('%s is under the %s (%s). In short:'):format(asked.title, licence.title, licence.of), '' }
  for _, point in ipairs(licence.points) do
    table.insert(lines, '* ' .. point)
  end
  vim.list_extend(lines, { '', 'In full: ' .. licence.where })
  local shown = view.open({ name = 'licence/' .. licence.key, lines = lines, filetype = 'text' })
  vim.cmd('redraw')
  local gigabytes = there(asked.gigabytes)
  local accept = 'Accept, and download' .. (gigabytes and (' %.3g GB'):format(gigabytes) or '')
  vim.ui.select({ accept, 'Do not download' }, { prompt = licence.title .. ':' }, function(choice)
    view.close(shown)
    if choice == accept then
      done()
    else
      say.info('nothing was downloaded.')
    end
  end)
end

--- Download one; of the licence the user is asked once.
---@param bufnr integer
---@param name string
---@param repository? string another than the catalogue's
---@param accepted boolean the licence, just now
local function pull(bufnr, name, repository, accepted)
  local again = (':IrlensModel pull %s%s'):format(name, repository and ' ' .. repository or '')
  local params = { name = name, repository = repository, acceptLicence = accepted }
  jobs.ask(bufnr, 'Download ' .. name, 'irlens/pullModel', params, function(answer)
    if not answer.pulled then
      settle(answer, function()
        pull(bufnr, name, repository, true)
      end)
      return
    end
    say.info(
      ('%s is here, its SHA-256 checked. :IrlensModel use %s has it asked. %s.'):format(
        answer.name,
        answer.name,
        answer.credit
      )
    )
  end, {
    server = server_of(bufnr),
    cancelled = function()
      say.info(('the download of %s is stopped. What came is kept: %s goes on.'):format(name, again))
    end,
  })
end

---@param bufnr integer
---@param name? string
---@param repository? string "OWNER/NAME", where the catalogue's does not do
function M.pull(bufnr, name, repository)
  if name then
    pull(bufnr, name, repository, false)
    return
  end
  choose(bufnr, 'Download which model?', can_be_pulled, 'every model of the catalogue is here.', function(chosen)
    pull(bufnr, chosen, nil, false)
  end)
end

local function overruled(answer)
  local tasks = vim.tbl_keys(answer.overruled)
  if #tasks == 0 then
    return ''
  end
  table.sort(tasks)
  local by = answer.overruled[tasks[1]]
  local mend = by == 'irlens.model.path' and ':IrlensModel default sets that aside until Neovim ends'
    or vim.startswith(by, 'irlens.') and 'take it out of the settings'
    or 'start the server without it'
  return (' But %s names another, which counts for %s: %s.'):format(by, table.concat(tasks, ', '), mend)
end

local function use(bufnr, name, tasks)
  -- A path as it is typed is one of this Neovim's folder, which need not be the server's.
  if not name:match('^https?://') and vim.fn.filereadable(say.path(name)) == 1 then
    name = say.path(name)
  end
  ask(bufnr, 'irlens/useModel', { name = name, tasks = tasks }, function(answer)
    local words = { ('%s is used for %s from now on.'):format(answer.name, table.concat(answer.tasks, ', ')) }
    table.insert(words, there(answer.hint))
    table.insert(words, there(answer.credit) and answer.credit .. '.' or nil)
    say.info(table.concat(words, ' ') .. overruled(answer))
  end)
end

--- Choose a model, for some tasks or for all that it can do.
---@param bufnr integer
---@param name? string
---@param given? string "lift,tune"
function M.use(bufnr, name, given)
  if name then
    use(bufnr, name, given and vim.split(given, ',', { plain = true }) or nil)
    return
  end
  local none = 'there is no model. :IrlensModel pull downloads one.'
  choose(bufnr, 'Use which model?', can_be_used, none, function(chosen, model)
    local choices = { { words = 'all it can do: ' .. table.concat(model.tasks, ', ') } }
    for _, task in ipairs(#model.tasks > 1 and model.tasks or {}) do
      table.insert(choices, { words = 'only ' .. task, tasks = { task } })
    end
    vim.ui.select(choices, {
      prompt = ('Use %s for:'):format(chosen),
      format_item = function(choice)
        return choice.words
      end,
    }, function(choice)
      if choice then
        use(bufnr, chosen, choice.tasks)
      end
    end)
  end)
end

local function remove(bufnr, name)
  local yes = 'Remove ' .. name
  vim.ui.select({ yes, 'Keep it' }, { prompt = 'The file is deleted:' }, function(choice)
    if choice ~= yes then
      return
    end
    ask(bufnr, 'irlens/removeModel', { name = name }, function(answer)
      local back = #answer.embedded_for > 0
          and (' The embedded model is used for %s now.'):format(table.concat(answer.embedded_for, ', '))
        or ''
      say.info(('%s is removed, %s freed.%s'):format(answer.removed, size(answer.freed), back))
    end)
  end)
end

---@param bufnr integer
---@param name? string
function M.remove(bufnr, name)
  if name then
    remove(bufnr, name)
    return
  end
  choose(bufnr, 'Remove which model?', can_be_removed, 'no model was downloaded.', function(chosen)
    remove(bufnr, chosen)
  end)
end

--- Every model, in a window.
---@param bufnr integer
function M.list(bufnr)
  ask(bufnr, LIST, vim.empty_dict(), function(listed)
    local lines = { '# kept in ' .. listed.folder, '' }
    for _, model in ipairs(listed.models) do
      local state = can_be_used(model) and '*' or ' '
      table.insert(lines, ('%s %-32s %s'):format(state, model.name, about(model)))
      table.insert(lines, there(model.problem) and '    ' .. model.problem or nil)
    end
    local shown = view.open({ name = 'models', lines = lines, filetype = 'text', focus = true })
    view.hint(shown, {
      { '* can be used', 'DiagnosticInfo' },
      { ':IrlensModel pull, use, remove  q close', 'Comment' },
    })
  end)
end

--- Which model does what, what runs it and why, in a window.
---@param bufnr integer
function M.info(bufnr)
  ask(bufnr, LIST, vim.empty_dict(), function(listed)
    local lines = {}
    for _, task in ipairs(M.TASKS) do
      local serving = listed.tasks[task]
      local function row(name, value)
        value = there(value)
        if value and value ~= '' then
          table.insert(lines, ('  %-13s %s'):format(name, value))
        end
      end
      local function with(value, reason)
        reason = there(reason)
        return value .. (value ~= '' and reason and reason ~= '' and (' (%s)'):format(reason) or '')
      end
      table.insert(lines, task)
      row('model', serving.name ~= '' and serving.name or serving.chosen)
      row('chosen by', serving.by == 'default' and 'nobody: it comes with irlens' or serving.by)
      row('at', serving.path)
      row('quantisation', serving.quantisation)
      row('context', there(serving.context) and serving.context .. ' tokens')
      row('engine', with(serving.engine, serving.whyEngine))
      row('device', serving.device)
      row('state', with(serving.state, serving.reason))
      row('licence', serving.credit)
      table.insert(lines, '')
    end
    view.open({ name = 'model', lines = lines, filetype = 'text', focus = true })
  end)
end

--- Names for completion after `:IrlensModel {what}`.
---@param bufnr integer
---@param what string
---@return string[]
function M.names(bufnr, what)
  local wanted = ({ pull = can_be_pulled, use = can_be_used, remove = can_be_removed })[what]
  local listed = wanted and client.ask_now(bufnr, LIST, vim.empty_dict(), WAIT_MS)
  return vim.tbl_map(function(model)
    return model.name
  end, listed and vim.tbl_filter(wanted, listed.models) or {})
end

return M
