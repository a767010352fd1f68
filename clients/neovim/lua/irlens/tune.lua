--- Optimise for size: a diff of what was measured, and only then the edit, which one undo takes back.

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

--- How far below -Oz, in words; "" where it is not.
local function under_oz(bytes, oz)
  return oz > bytes and ('%.1f %% under -Oz'):format(100 * (1 - bytes / oz)) or ''
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
    local share = under_oz(list.bytes, tuned.oz.bytes)
    table.insert(lines, ('%8d bytes  %-18s %s'):format(list.bytes, share, list.passes))
  end
  for _, list in ipairs(tuned.left_out) do
    table.insert(lines, ('%14s  %-18s %s: %s'):format('', 'left out', list.passes, list.why))
  end
  return lines
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
  close()
  local lines = vim.split(tuned.text:gsub('\r?\n$', ''), '\r?\n')
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
          view.open({ name = 'tried/' .. name, lines = tried(tuned), filetype = 'text', focus = true })
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
  local share = under_oz(tuned.best.bytes, tuned.oz.bytes)
  say.info(
    ('%d bytes%s, %d before, %d by -Oz (measured). :IrlensApply takes it.'):format(
      tuned.best.bytes,
      share ~= '' and ', ' .. share or '',
      tuned.before.bytes,
      tuned.oz.bytes
    )
  )
end

---@param source integer
function M.run(source)
  if vim.bo[source].filetype ~= 'llvm' then
    say.warn('open an LLVM IR file (.ll) to optimise it.')
    return
  end
  local tick = vim.api.nvim_buf_get_changedtick(source)
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':t')
  local params = { uri = vim.uri_from_bufnr(source) }
  jobs.ask(source, ('Optimise %s for size'):format(name), 'irlens/tune', params, function(tuned)
    M.show(source, tick, tuned)
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
