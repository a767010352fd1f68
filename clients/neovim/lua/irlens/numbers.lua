--- Counts in words, and two versions of a function side by side.

local M = {}

--- "12 instructions, 40 bytes"; bytes are unknown where LLVM makes no object.
function M.counted(of)
  local bytes = of.bytes and of.bytes ~= vim.NIL and (', %d bytes'):format(of.bytes) or ''
  return ('%d instruction%s%s'):format(of.instructions, of.instructions == 1 and '' or 's', bytes)
end

--- The text after the first colon-free cell, "-" where there is none.
function M.cell(value)
  return value and value ~= vim.NIL and tostring(value) or '-'
end

--- The whole of both texts with the lines that differ marked, as a unified diff without its head.
---@return string[]
function M.diff(before, after)
  before, after = before:gsub('\n*$', '\n'), after:gsub('\n*$', '\n')
  if before == after then
    return { 'no difference' }
  end
  local text = vim.diff(before, after, { ctxlen = 100000 })
  local lines = vim.split(text:gsub('\n$', ''), '\n')
  return vim.list_slice(lines, lines[1]:match('^@@') and 2 or 1)
end

return M
