--- Optimize for size: a diff of what was measured, and only then the edit, which one undo takes back.

local jobs = require('irlens.jobs')
local say = require('irlens.say')
local view = require('irlens.view')

local M = {}

local offered ---@type { source: integer, tick: integer, bufnr: integer, lines: string[] }?

--- End the diff in the source's windows and close the proposal.
local function close()
  local one = offered
  offered = nil
  if not one then
    return
  end
  for _, window in ipairs(vim.fn.win_findbuf(one.source)) do
    vim.api.nvim_win_call(window, function()
      vim.cmd('diffoff')
    end)
  end
  view.close(one.bufnr)
end

--- How far below what takes no search, in words; "" where it is not. That is -Oz with clang's attributes, without
--- them, or the module before.
local function smaller(bytes, tuned)
  local plain = tuned.oz.without_attributes
  local least = math.min(tuned.oz.bytes, tuned.before.bytes, type(plain) == 'number' and plain or math.huge)
  local than = least == tuned.oz.bytes and '-Oz' or 'without a search'
  return least > bytes and ('%.1f %% smaller than %s'):format(100 * (1 - bytes / least), than) or ''
end

--- -Oz in words, as the server's lenses have it.
local function oz_words(tuned)
  local plain = tuned.oz.without_attributes
  if type(plain) ~= 'number' then
    return ('-Oz %d'):format(tuned.oz.bytes)
  end
  return ("-Oz %d (%d with clang -Oz's attributes)"):format(plain, tuned.oz.bytes)
end

--- What was tried, with the bytes that LLVM measured, smallest first, of the same size the shortest list.
local function tried(tuned)
  local lines = { tuned.message }
  if tuned.by then
    local counts = '%d compilations by %s in %.1f s; it ended: %s.'
    table.insert(lines, counts:format(tuned.compilations, tuned.by, tuned.seconds, tuned.why_ended))
  end
  local model = type(tuned.model) == 'table' and tuned.model or {}
  if type(model.note) == 'string' and model.note ~= '' then
    table.insert(lines, 'The model: ' .. model.note .. '.')
  end
  table.insert(lines, '')
  local all = vim.list_extend({}, tuned.tried)
  table.sort(all, function(a, b)
    if a.bytes ~= b.bytes then
      return a.bytes < b.bytes
    end
    return #a.passes < #b.passes
  end)
  for _, list in ipairs(all) do
    local share = smaller(list.bytes, tuned)
    table.insert(lines, ('%8d bytes  %-24s %s'):format(list.bytes, share, list.passes))
  end
  for _, list in ipairs(tuned.left_out) do
    table.insert(lines, ('%14s  %-24s %s: %s'):format('', 'left out', list.passes, list.why))
  end
  return lines
end

--- Show a text as a diff against the buffer that it is to replace.
---@param source integer
---@param tick integer the buffer's `changedtick` when it was measured
---@param text string
---@param details string[] what `K` shows
local function propose(source, tick, text, details)
  close()
  local lines = vim.split(text:gsub('\r?\n$', ''), '\r?\n')
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':t')
  local bufnr, window = view.open({
    name = 'tuned/' .. name,
    lines = lines,
    filetype = 'llvm',
    beside = source,
    keys = {
      ['<CR>'] = { M.apply, 'apply, as one undo step' },
      q = { close, 'discard' },
      K = {
        function()
          view.open({ name = 'tried/' .. name, lines = details, filetype = 'text', focus = true })
        end,
        'what was tried',
      },
    },
  })
  offered = { source = source, tick = tick, bufnr = bufnr, lines = lines }
  local keys = '<CR> apply  K what was tried  q discard'
  view.hint(bufnr, { { 'not applied yet', 'DiagnosticWarn' }, { keys, 'Comment' } })
  for _, one in ipairs({ view.window_of(source), window }) do
    vim.api.nvim_win_call(one, function()
      vim.cmd('diffthis')
    end)
  end
end

--- Show the server's answer as a diff against the module.
---@param source integer
---@param tick integer the module's `changedtick` when it was measured
---@param tuned table
function M.show(source, tick, tuned)
  if not tuned.text or tuned.text == vim.NIL then
    say.info(tuned.message)
    return
  end
  propose(source, tick, tuned.text, tried(tuned))
  local share = smaller(tuned.best.bytes, tuned)
  say.info(
    ('%d bytes%s, %d before, %s (measured by %s). :IrlensApply takes it.'):format(
      tuned.best.bytes,
      share ~= '' and ', ' .. share or '',
      tuned.before.bytes,
      oz_words(tuned),
      tuned.by
    )
  )
end

---@param source integer
function M.run(source)
  if vim.bo[source].filetype ~= 'llvm' then
    say.warn('open an LLVM IR file (.ll) to optimize it.')
    return
  end
  local tick = vim.api.nvim_buf_get_changedtick(source)
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':t')
  local params = { uri = vim.uri_from_bufnr(source) }
  jobs.ask(source, ('Optimize %s for size'):format(name), 'irlens/tune', params, function(tuned)
    M.show(source, tick, tuned)
  end)
end

--- One function by the smallest that is known of it, as a diff first: what its size over it stands for.
---@param source integer
---@param name string
function M.improve(source, name)
  local tick = vim.api.nvim_buf_get_changedtick(source)
  local params = { uri = vim.uri_from_bufnr(source), ['function'] = name }
  jobs.ask(source, ('Optimize %s for size'):format(name), 'irlens/improve', params, function(improved)
    propose(source, tick, improved.text, { improved.message })
    say.info(improved.message .. ' :IrlensApply takes it.')
  end)
end

--- Put `lines` in place of a buffer's, leaving alone what is equal at both ends, where marks and folds stay.
local function replace(bufnr, lines)
  local old = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
  local first, last = 0, 0
  local most = math.min(#old, #lines)
  while first < most and old[first + 1] == lines[first + 1] do
    first = first + 1
  end
  while last < most - first and old[#old - last] == lines[#lines - last] do
    last = last + 1
  end
  -- Setting this ends the undo step before, so that this change is one of its own.
  vim.bo[bufnr].undolevels = vim.bo[bufnr].undolevels
  vim.api.nvim_buf_set_lines(bufnr, first, #old - last, false, vim.list_slice(lines, first + 1, #lines - last))
end

--- Apply what is shown.
function M.apply()
  local one = offered
  if not one then
    say.warn('there is nothing to apply. :IrlensTune in a .ll file makes a proposal.')
    return
  end
  if not vim.api.nvim_buf_is_valid(one.source) or vim.api.nvim_buf_get_changedtick(one.source) ~= one.tick then
    say.warn('the text changed meanwhile, so nothing was applied. :IrlensTune again.')
    return
  end
  close()
  replace(one.source, one.lines)
  say.info('applied; u takes it back.')
end

return M
