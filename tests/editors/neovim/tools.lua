-- What the sittings share: waiting for conditions (nothing ever sleeps), what was said, and the report at the end.

local M = { seen = { messages = {} } }

local WAIT_MS = 60000

local notify = vim.notify
vim.notify = function(text, level, opts)
  table.insert(M.seen.messages, tostring(text))
  return notify(text, level, opts)
end

local show_message = vim.lsp.handlers['window/showMessage']
vim.lsp.handlers['window/showMessage'] = function(err, result, ...)
  table.insert(M.seen.messages, (result.type == 1 and 'irlens error: ' or '') .. result.message)
  return show_message(err, result, ...)
end

-- An error reply as Neovim shows it, an error that the server showed, or nothing to choose from.
M.failures = { '^%-%d+: .*', '^irlens error: .*', '^No code actions.*' }

function M.wait(what, condition, most_ms)
  local value, failure
  local met = vim.wait(most_ms or WAIT_MS, function()
    value = condition()
    for _, text in ipairs(M.seen.messages) do
      for _, pattern in ipairs(M.failures) do
        failure = failure or text:match(pattern)
      end
    end
    return value or failure
  end, 20)
  if failure or not met then
    error('waited in vain for ' .. what .. (failure and ': ' .. failure or ''))
  end
  return value
end

function M.the_client(bufnr)
  local all = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = bufnr }) or vim.lsp.buf_get_clients(bufnr)
  for _, client in pairs(all) do
    -- On 0.11 a client exists before `initialize` is answered.
    if client.name == 'irlens' and client.initialized then
      return client
    end
  end
end

function M.open(name)
  vim.cmd('edit ' .. vim.fn.fnameescape(name))
  return vim.api.nvim_get_current_buf()
end

function M.cursor_on(text)
  vim.fn.cursor(1, 1)
  if vim.fn.search('\\V' .. vim.fn.escape(text, '\\'), 'c') == 0 then
    error('no such text: ' .. text)
  end
end

function M.text_of(bufnr)
  return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), '\n')
end

-- The text of the float that `vim.lsp.buf.hover()` opens.
local function hover_once()
  vim.lsp.buf.hover()
  local window = M.wait('a hover', function()
    for _, candidate in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(candidate).relative ~= '' then
        return candidate
      end
    end
  end)
  local text = M.text_of(vim.api.nvim_win_get_buf(window))
  vim.api.nvim_win_close(window, true)
  return text
end

-- Hover as the user is told to: again, until all is measured and predicted.
function M.hover()
  local text
  M.wait('a whole hover', function()
    text = hover_once()
    return not (text:find('measuring…', 1, true) or text:find('predicting…', 1, true))
  end)
  return text
end

-- Ask for code actions as a user does, and take the first whose title has `wanted` in it; nil takes none.
function M.code_action(wanted)
  local titles
  local select = vim.ui.select
  vim.ui.select = function(items, opts, choose)
    vim.ui.select = select
    titles = {}
    local choice, index
    for i, item in ipairs(items) do
      local title = opts.format_item(item)
      table.insert(titles, title)
      if wanted and not choice and title:find(wanted, 1, true) then
        choice, index = item, i
      end
    end
    choose(choice, index)
  end
  vim.lsp.buf.code_action()
  M.wait('code actions', function()
    return titles
  end)
  return titles
end

-- The buffer of a view that is shown, by the beginning of its name.
function M.view(name)
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local bufnr = vim.api.nvim_win_get_buf(window)
    if vim.startswith(vim.api.nvim_buf_get_name(bufnr), 'irlens://' .. name) then
      return bufnr, window
    end
  end
end

function M.shown(name)
  local bufnr = M.wait('irlens://' .. name, function()
    return M.view(name)
  end)
  return bufnr, select(2, M.view(name))
end

-- The words over a view.
function M.hint(bufnr)
  local window = vim.fn.win_findbuf(bufnr)[1]
  local words = vim.fn.getwinvar(window, vim.fn.exists('&winbar') == 1 and '&winbar' or '&statusline')
  return (words:gsub('%%#%w+#', ''))
end

function M.said(words)
  for index = #M.seen.messages, 1, -1 do
    if M.seen.messages[index]:find(words, 1, true) then
      return M.seen.messages[index]
    end
  end
end

function M.press(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'mx', false)
end

function M.jobs()
  return require('irlens.jobs').running()
end

local function children(pid)
  local file = io.open(('/proc/%d/task/%d/children'):format(pid, pid))
  local text = file and file:read('*a') or ''
  if file then
    file:close()
  end
  local pids = {}
  for child in text:gmatch('%d+') do
    table.insert(pids, tonumber(child))
  end
  return pids
end

-- Every server that was started so far, with its children.
function M.servers()
  local file = assert(io.open(vim.env.IRLENS_PID_FILE))
  local servers = {}
  for pid in file:lines() do
    table.insert(servers, { pid = tonumber(pid), children = children(tonumber(pid)) })
  end
  file:close()
  return servers
end

local function sit(session)
  local ok, problem = xpcall(session, debug.traceback)
  M.seen.problem = not ok and problem or nil
  local report = assert(io.open(vim.env.IRLENS_REPORT, 'w'))
  report:write(vim.fn.json_encode(M.seen))
  report:close()
  vim.cmd(ok and 'qall!' or 'cquit 1')
end

-- Run a sitting and leave, with what was seen in a JSON file. It begins when Neovim has started altogether.
function M.run(session)
  vim.api.nvim_create_autocmd('VimEnter', {
    once = true,
    callback = vim.schedule_wrap(function()
      sit(session)
    end),
  })
end

return M
