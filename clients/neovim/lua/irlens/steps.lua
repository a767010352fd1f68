--- The passes of a pipeline as they ran on one function: which changed it and by how much, and the diff of any
--- of them or between any two. All of it is measured; no model is asked.

local jobs = require('irlens.jobs')
local numbers = require('irlens.numbers')
local predict = require('irlens.predict')
local view = require('irlens.view')

local M = {}

---@class irlens.Row
---@field text string
---@field changed boolean
---@field before string the function before this step
---@field ir string the function after it
---@field label string

---@return irlens.Row[]
local function rows_of(stepped)
  local ir, now = stepped.start.ir, stepped.start
  local text = '  0 start: ' .. numbers.counted(now)
  local rows = { { text = text, changed = true, before = ir, ir = ir, label = 'start' } }
  for number, step in ipairs(stepped.steps) do
    local after = step.ir and step.ir ~= vim.NIL and step.ir or ir
    local what = 'no change'
    if step.changed and after == '' then
      what = 'the function is gone'
    elseif step.changed then
      what = ('%s -> %s  +%d -%d lines'):format(numbers.counted(now), numbers.counted(step), step.added, step.removed)
    elseif step.elsewhere then
      what = 'changed other functions'
    end
    table.insert(rows, {
      text = ('%s%2d %s: %s'):format(step.changed and '*' or ' ', number, step.name, what),
      changed = step.changed,
      before = ir,
      ir = after,
      label = ('%s (%d)'):format(step.name, number),
    })
    ir, now = after, step
  end
  if stepped['end'].ir ~= ir then
    text = '*   end: a pass on another function changed this one'
    table.insert(rows, { text = text, changed = true, before = ir, ir = stepped['end'].ir, label = 'end' })
  end
  return rows
end

---@class irlens.Stepping
---@field source integer
---@field stepped table
---@field head string[]
---@field rows irlens.Row[]
---@field all boolean whether passes that changed nothing are listed too
---@field bufnr integer

---@param one irlens.Stepping
---@return irlens.Row[]
local function listed(one)
  return vim.tbl_filter(function(row)
    return one.all or row.changed
  end, one.rows)
end

---@param one irlens.Stepping
local function fill(one)
  local lines = vim.list_extend({}, one.head)
  for _, row in ipairs(listed(one)) do
    table.insert(lines, row.text)
  end
  view.fill(one.bufnr, lines)
  local keys = '<CR> diff (of two lines in visual mode: between them)  ]] [[ next, previous  a %s  q close'
  view.hint(one.bufnr, { { keys:format(one.all and 'changes only' or 'all passes'), 'Comment' } })
end

---@param one irlens.Stepping
---@param line integer from 1
---@return irlens.Row?
local function row_at(one, line)
  return listed(one)[line - #one.head]
end

--- The diff of a step, or between two; the later line first or last, it is the same.
---@param one irlens.Stepping
local function show(one, first_line, last_line)
  local first, last = row_at(one, math.min(first_line, last_line)), row_at(one, math.max(first_line, last_line))
  if not first or not last then
    return
  end
  local same = first == last
  local title = same and ('# %s'):format(last.label) or ('# between %s and %s'):format(first.label, last.label)
  local lines = { ('%s, on %s'):format(title, one.stepped['function']), '' }
  vim.list_extend(lines, numbers.diff(same and last.before or first.ir, last.ir))
  view.open({ name = 'step/' .. one.stepped['function'], lines = lines, filetype = 'diff', beside = one.source })
end

--- To the next row that is a change, or the one before, and show it.
---@param one irlens.Stepping
local function move(one, by)
  local line = math.max(vim.api.nvim_win_get_cursor(0)[1], #one.head + 1) + by
  while line > #one.head and row_at(one, line) do
    if row_at(one, line).changed then
      vim.api.nvim_win_set_cursor(0, { line, 0 })
      show(one, line, line)
      return
    end
    line = line + by
  end
end

local function open(source, stepped)
  local changes = #vim.tbl_filter(function(step)
    return step.changed
  end, stepped.steps)
  local last = stepped.steps[#stepped.steps] or stepped.start
  local readable = stepped.readable
  local name = readable and readable ~= '' and readable or stepped['function']
  local head = {
    ('%s on %s: %d of %d passes changed it'):format(stepped.pipeline, name, changes, #stepped.steps),
    ('%s before, %s after; measured, %s'):format(
      numbers.counted(stepped.start),
      stepped['end'].ir == '' and 'nothing' or numbers.counted(last),
      stepped.by
    ),
  }
  vim.list_extend(head, stepped.repairs)
  vim.list_extend(head, stepped.notes or {})
  if stepped.whyNoBytes ~= '' then
    table.insert(head, stepped.whyNoBytes)
  end
  local one = { source = source, stepped = stepped, head = head, rows = rows_of(stepped), all = false }
  local function with_line(call)
    return function()
      call(vim.api.nvim_win_get_cursor(0)[1])
    end
  end
  one.bufnr = view.open({
    name = 'steps/' .. stepped['function'],
    lines = head,
    filetype = 'irlens-steps',
    focus = true,
    keys = {
      ['<CR>'] = {
        with_line(function(line)
          show(one, line, line)
        end),
        'the diff of this step',
      },
      [']]'] = {
        function()
          move(one, 1)
        end,
        'next change',
      },
      ['[['] = {
        function()
          move(one, -1)
        end,
        'previous change',
      },
      a = {
        function()
          one.all = not one.all
          fill(one)
        end,
        'all passes, or changes only',
      },
    },
  })
  vim.keymap.set('x', '<CR>', function()
    local from, to = vim.fn.line('v'), vim.fn.line('.')
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<Esc>', true, false, true), 'nx', false)
    show(one, from, to)
  end, { buffer = one.bufnr, desc = 'irlens: the diff between two steps' })
  fill(one)
  move(one, 1)
end

---@param source integer
---@param pipeline? string
function M.run(source, pipeline)
  predict.choose(source, 'Step through which pipeline on %s?', pipeline, function(name, chosen)
    local params = { uri = vim.uri_from_bufnr(source), passes = chosen, ['function'] = name }
    jobs.ask(source, ('Step through %s on %s'):format(chosen, name), 'irlens/steps', params, function(stepped)
      open(source, stepped)
    end)
  end)
end

return M
