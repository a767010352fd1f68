--- Windows that show results: scratch buffers that nobody types into, opened without taking the cursor.

local say = require('irlens.say')

local M = {}

-- Neovim 0.7 has no 'winbar'.
local HINT_OPTION = vim.fn.exists('&winbar') == 1 and '&winbar' or '&statusline'

---@class irlens.View
---@field name string after `irlens://`; a view of this name is used again
---@field lines string[]
---@field filetype string
---@field beside? integer buffer to open beside; without it the window opens below the current one
---@field height? integer of a window below
---@field keys? table<string, { [1]: fun(), [2]: string }> what keys of normal mode do, and in words
---@field focus? boolean take the cursor there

--- A window that shows a buffer, in this tab page first.
---@param bufnr integer
---@return integer?
function M.window_of(bufnr)
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.api.nvim_win_get_buf(window) == bufnr then
      return window
    end
  end
  return vim.fn.win_findbuf(bufnr)[1]
end

---@param bufnr integer
---@param lines string[]
function M.fill(bufnr, lines)
  vim.bo[bufnr].modifiable = true
  -- A line feed within a line is refused: Neovim keeps a NUL so, and a name may have one.
  local whole = vim.tbl_map(function(line)
    return line:find('\n', 1, true) and say.line(line) or line
  end, lines)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, whole)
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].modified = false
end

--- Words over a view: what it is worth, and which keys do what.
---@param bufnr integer
---@param chunks string[][] texts with their highlight groups
function M.hint(bufnr, chunks)
  local parts = {}
  for _, chunk in ipairs(chunks) do
    table.insert(parts, ('%%#%s# %s '):format(chunk[2], say.in_statusline(chunk[1])))
  end
  for _, window in ipairs(vim.fn.win_findbuf(bufnr)) do
    -- Local, so gone with the view; where there is no room its end is cut.
    vim.fn.setwinvar(window, HINT_OPTION, table.concat(parts) .. '%*%<')
  end
end

local function buffer_named(name)
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(bufnr) == name then
      return bufnr
    end
  end
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, name)
  return bufnr
end

--- A window beside a source that shows an earlier result: the next one takes its place. A proposal to apply keeps
--- its own, since the diff belongs to it.
local function earlier()
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    local name = vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window))
    for _, kind in ipairs({ 'lift', 'predict', 'step' }) do
      if vim.startswith(name, 'irlens://' .. kind .. '/') then
        return window
      end
    end
  end
end

local function split(view, bufnr)
  local window = view.beside and earlier()
  if window then
    vim.api.nvim_win_set_buf(window, bufnr)
    return window
  end
  local source = view.beside and M.window_of(view.beside) or vim.api.nvim_get_current_win()
  vim.api.nvim_win_call(source, function()
    if view.beside then
      vim.cmd('belowright vertical sbuffer ' .. bufnr)
    else
      vim.cmd(('botright %dsplit'):format(view.height or 15))
      vim.cmd('buffer ' .. bufnr)
    end
  end)
  return M.window_of(bufnr)
end

--- Show it; a view of the same name stays in its window.
---@param view irlens.View
---@return integer bufnr
---@return integer window
function M.open(view)
  local bufnr = buffer_named('irlens://' .. say.line(view.name))
  -- 'buftype' before 'filetype': a server is attached to files only.
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].bufhidden = 'hide'
  vim.bo[bufnr].swapfile = false
  M.fill(bufnr, view.lines)
  vim.bo[bufnr].undolevels = -1
  local window = M.window_of(bufnr) or split(view, bufnr)
  if vim.bo[bufnr].filetype ~= view.filetype then
    vim.bo[bufnr].filetype = view.filetype
  end
  local keys = vim.tbl_extend('keep', view.keys or {}, {
    q = {
      function()
        M.close(bufnr)
      end,
      'close',
    },
  })
  for key, does in pairs(keys) do
    vim.keymap.set('n', key, does[1], { buffer = bufnr, nowait = true, desc = 'irlens: ' .. does[2] })
  end
  if view.focus then
    vim.api.nvim_set_current_win(window)
  end
  return bufnr, window
end

--- Close the windows of a view; its buffer goes with them, unless it is in the last window.
---@param bufnr integer
function M.close(bufnr)
  for _, window in ipairs(vim.fn.win_findbuf(bufnr)) do
    if not pcall(vim.api.nvim_win_close, window, true) then
      vim.api.nvim_win_call(window, function()
        vim.cmd('enew')
      end)
    end
  end
  if vim.api.nvim_buf_is_valid(bufnr) then
    vim.api.nvim_buf_delete(bufnr, { force = true })
  end
end

return M
