--- Predict: what a pass will do to a function by the model's word, beside what LLVM measured, with the IR's diff.

local functions = require('irlens.functions')
local jobs = require('irlens.jobs')
local numbers = require('irlens.numbers')
local passes = require('irlens.passes')
local say = require('irlens.say')
local view = require('irlens.view')

local M = {}

local function there(value)
  return value and value ~= vim.NIL and value or nil
end

--- The table: what is predicted and what is measured have a column each.
local function head(predicted, row)
  local foretold, measured = there(row.predicted), there(row.measured)
  local lines = { ('# %s on %s'):format(predicted.pipeline, row.name) }
  table.insert(lines, ('# %-14s %9s %11s %10s'):format('', 'before', 'predicted', 'measured'))
  for _, what in ipairs({ 'instructions', 'bytes' }) do
    -- Some models count the bytes of the whole object; that is no number for this column.
    local is_same = what ~= 'bytes' or not foretold or foretold.bytes_of == 'function'
    table.insert(
      lines,
      ('# %-14s %9s %11s %10s'):format(
        what,
        numbers.cell(row.before[what]),
        numbers.cell(foretold and is_same and foretold[what]),
        numbers.cell(measured and measured[what])
      )
    )
  end
  if foretold then
    local kept = foretold.kept_from_before and '; cached' or ''
    table.insert(lines, ('# predicted by %s, a model; not checked%s'):format(predicted.model, kept))
  else
    table.insert(lines, '# no prediction: ' .. (there(row.why_not_predicted) or 'no reason given'))
  end
  if measured then
    table.insert(lines, ('# measured by LLVM: %s'):format(measured.by))
  else
    table.insert(lines, '# not measured: ' .. (there(row.why_not_measured) or 'no reason given'))
  end
  for _, note in ipairs(vim.list_extend(vim.list_extend({}, predicted.notes or {}), predicted.repairs)) do
    table.insert(lines, '# ' .. note)
  end
  return lines
end

local function show(source, before, predicted)
  local row = predicted.functions[1]
  if not row then
    say.warn('nothing was predicted: the function is not there any more. Choose one that is.')
    return
  end
  local lines = head(predicted, row)
  local foretold, measured = there(row.predicted), there(row.measured)
  if measured then
    vim.list_extend(lines, { '', '# before and after, measured' })
    vim.list_extend(lines, numbers.diff(there(row.before.ir) or before, measured.ir))
  end
  if foretold and there(foretold.ir) then
    vim.list_extend(lines, { '', '# the IR that was predicted; not checked' })
    for _, line in ipairs(vim.split(vim.trim(foretold.ir), '\n')) do
      table.insert(lines, ' ' .. line)
    end
  end
  local bufnr = view.open({
    name = ('predict/%s/%s'):format(row.name, predicted.pipeline),
    lines = lines,
    filetype = 'diff',
    beside = source,
  })
  view.hint(bufnr, { { 'predicted beside measured', 'DiagnosticInfo' }, { 'q close', 'Comment' } })
end

--- A function of an IR file and a pipeline, both chosen where they are not given.
---@param source integer
---@param prompt string with `%s` for the function
---@param pipeline? string
---@param done fun(name: string, pipeline: string, ir: string)
function M.choose(source, prompt, pipeline, done)
  if vim.bo[source].filetype ~= 'llvm' then
    say.warn('open an LLVM IR file (.ll) and put the cursor into a function.')
    return
  end
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  functions.choose(source, line, nil, function(name, symbol)
    local range = symbol.range
    local lines = vim.api.nvim_buf_get_lines(source, range.start.line, range['end'].line + 1, false)
    local function go_on(chosen)
      done(name, chosen, table.concat(lines, '\n'))
    end
    if pipeline then
      go_on(pipeline)
    else
      passes.choose(source, prompt:format(name), go_on)
    end
  end)
end

---@param source integer
---@param pipeline? string
function M.run(source, pipeline)
  M.choose(source, 'Predict: which pass on %s?', pipeline, function(name, chosen, before)
    local params = { uri = vim.uri_from_bufnr(source), passes = chosen, ['function'] = name }
    jobs.ask(source, ('Predict %s on %s'):format(chosen, name), 'irlens/predict', params, function(predicted)
      show(source, before, predicted)
    end)
  end)
end

return M
