--- Source and lift linked: the cursor's line on one side marks the lines on the other that belong to it.
---
--- Only what the server knows is marked: `links` of a candidate, pairs of a line of the assembly and a line of the
--- lift's text, both from 0.

local M = {}

local marks = vim.api.nvim_create_namespace('irlens_links')

---@class irlens.Link
---@field there table<integer, table<integer, integer[]>> by buffer and line (from 0): lines of the other one
---@field group integer of autocommands

local links = {} ---@type table<integer, irlens.Link> by the view's buffer

local function add(map, from, to)
  map[from] = map[from] or {}
  table.insert(map[from], to)
end

local function maps(source, bufnr, candidate)
  local there = { [source] = {}, [bufnr] = {} }
  for _, pair in ipairs(candidate.links) do
    add(there[source], pair[1], pair[2])
    add(there[bufnr], pair[2], pair[1])
  end
  return there
end

local function mark(bufnr, line)
  if vim.api.nvim_buf_is_valid(bufnr) and line < vim.api.nvim_buf_line_count(bufnr) then
    local opts = { end_row = line + 1, end_col = 0, hl_group = 'Visual', hl_eol = true, strict = false }
    vim.api.nvim_buf_set_extmark(bufnr, marks, line, 0, opts)
  end
end

local function follow(link, here, other)
  for _, bufnr in ipairs({ here, other }) do
    if vim.api.nvim_buf_is_valid(bufnr) then
      vim.api.nvim_buf_clear_namespace(bufnr, marks, 0, -1)
    end
  end
  local matching = link.there[here][vim.api.nvim_win_get_cursor(0)[1] - 1]
  if not matching then
    return
  end
  for _, line in ipairs(matching) do
    mark(other, line)
  end
  -- What is marked should be seen too.
  for _, window in ipairs(vim.fn.win_findbuf(other)) do
    local top, bottom = vim.fn.line('w0', window), vim.fn.line('w$', window)
    if matching[1] + 1 < top or matching[1] + 1 > bottom then
      vim.api.nvim_win_set_cursor(window, { matching[1] + 1, 0 })
    end
  end
end

---@param source integer
---@param bufnr integer
---@param candidate table
function M.show(source, bufnr, candidate)
  M.forget(bufnr)
  if not candidate.links or #candidate.links == 0 then
    return
  end
  local group = vim.api.nvim_create_augroup('irlens_links_' .. bufnr, { clear = true })
  local link = { there = maps(source, bufnr, candidate), group = group }
  links[bufnr] = link
  for here, other in pairs({ [source] = bufnr, [bufnr] = source }) do
    vim.api.nvim_create_autocmd('CursorMoved', {
      group = group,
      buffer = here,
      callback = function()
        follow(link, here, other)
      end,
    })
  end
  if vim.api.nvim_get_current_buf() == source then
    follow(link, source, bufnr)
  end
end

---@param bufnr integer of the view
function M.forget(bufnr)
  local link = links[bufnr]
  if not link then
    return
  end
  links[bufnr] = nil
  pcall(vim.api.nvim_del_augroup_by_id, link.group)
  for one in pairs(link.there) do
    if vim.api.nvim_buf_is_valid(one) then
      vim.api.nvim_buf_clear_namespace(one, marks, 0, -1)
    end
  end
end

return M
