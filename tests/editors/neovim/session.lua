-- One sitting in Neovim: open files, look at what irlens shows, use it, leave. What was seen goes to a JSON
-- file; test_neovim.py judges it. Runs on 0.7 and on 0.11. Nothing here sleeps: `wait` waits for a condition.

local WAIT_MS = 60000
local seen = { messages = {} }

local notify = vim.notify
vim.notify = function(text, level, opts)
  table.insert(seen.messages, tostring(text))
  return notify(text, level, opts)
end

local show_message = vim.lsp.handlers['window/showMessage']
vim.lsp.handlers['window/showMessage'] = function(err, result, ...)
  table.insert(seen.messages, (result.type == 1 and 'irlens error: ' or '') .. result.message)
  return show_message(err, result, ...)
end

-- An error reply as Neovim shows it, an error that the server showed, or nothing to choose from.
local FAILURES = { '^%-%d+: .*', '^irlens error: .*', '^No code actions.*' }

local function wait(what, condition)
  local value, failure
  local met = vim.wait(WAIT_MS, function()
    value = condition()
    for _, text in ipairs(seen.messages) do
      for _, pattern in ipairs(FAILURES) do
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

local function the_client(bufnr)
  local all = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = bufnr }) or vim.lsp.buf_get_clients(bufnr)
  for _, client in pairs(all) do
    -- On 0.11 a client exists before `initialize` is answered.
    if client.name == 'irlens' and client.initialized then
      return client
    end
  end
end

local function open(name)
  vim.cmd('edit ' .. vim.fn.fnameescape(name))
  local bufnr = vim.api.nvim_get_current_buf()
  seen.filetypes = seen.filetypes or {}
  seen.filetypes[name] = vim.bo.filetype
  return bufnr
end

local function diagnostics(bufnr)
  local plain = {}
  for _, d in ipairs(vim.diagnostic.get(bufnr)) do
    table.insert(plain, {
      line = d.lnum,
      column = d.col,
      end_column = d.end_col,
      message = d.message,
      severity = d.severity,
      source = d.source,
      code = d.code,
    })
  end
  return plain
end

local function cursor_on(text)
  vim.fn.cursor(1, 1)
  if vim.fn.search('\\V' .. vim.fn.escape(text, '\\'), 'c') == 0 then
    error('no such text: ' .. text)
  end
end

-- The text of the float that `vim.lsp.buf.hover()` opens.
local function hover_once()
  vim.lsp.buf.hover()
  local window = wait('a hover', function()
    for _, candidate in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(candidate).relative ~= '' then
        return candidate
      end
    end
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  vim.api.nvim_win_close(window, true)
  return text
end

-- Hover as the user is told to: again, until what was on its way has come.
local function hover()
  local text
  wait('a whole hover', function()
    text = hover_once()
    return not text:find('hover again', 1, true)
  end)
  return text
end

-- Ask for code actions as a user does, and take the first whose title has `wanted` in it; nil takes none.
local function code_action(wanted)
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
  wait('code actions', function()
    return titles
  end)
  return titles
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

local function session()
  -- A broken module: the error's place, on a line where bytes, UTF-16 units and characters differ.
  local broken = open('broken.ll')
  local client = wait('the server', function()
    return the_client(broken)
  end)
  seen.encoding = client.offset_encoding
  wait('diagnostics', function()
    return #vim.diagnostic.get(broken) > 0
  end)
  seen.broken = diagnostics(broken)

  -- Mended in the buffer: the error goes.
  vim.cmd([[%s/%missing/%a/]])
  wait('the error to go', function()
    return #vim.diagnostic.get(broken) == 0
  end)

  cursor_on('@weigh')
  seen.hover = hover()
  seen.actions_ll = code_action(nil)
  local before = vim.api.nvim_buf_get_lines(broken, 0, -1, false)
  code_action('-Oz')
  wait('the module to change', function()
    return not vim.deep_equal(before, vim.api.nvim_buf_get_lines(broken, 0, -1, false))
  end)
  seen.after_oz = table.concat(vim.api.nvim_buf_get_lines(broken, 0, -1, false), '\n')

  -- A lift: a new buffer beside the assembly.
  local asm = open('sum.s')
  wait('the server on assembly', function()
    return the_client(asm)
  end)
  cursor_on('sum:')
  seen.hover_s = hover()
  cursor_on('addl')
  seen.actions_s = code_action('Lift')
  wait('the lifted module', function()
    local bufnr = vim.api.nvim_get_current_buf()
    return bufnr ~= asm and vim.api.nvim_buf_get_lines(bufnr, 0, 1, false)[1] ~= ''
  end)
  local lifted = vim.api.nvim_get_current_buf()
  seen.lifted = {
    name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(lifted), ':t'),
    text = table.concat(vim.api.nvim_buf_get_lines(lifted, 0, -1, false), '\n'),
    filetype = vim.bo[lifted].filetype,
    listed = vim.bo[lifted].buflisted,
    modified = vim.bo[lifted].modified,
  }
  wait('the server on the lifted module', function()
    return the_client(lifted)
  end)

  -- Other files of these suffixes: the filetype alone.
  for _, name in ipairs({ 'plain.ll', 'scanner.ll', 'UPPER.S', 'macro.s', 'nasm.s', 'new.ll' }) do
    open(name)
  end

  local file = assert(io.open(vim.env.IRLENS_PID_FILE))
  seen.servers = {}
  for pid in file:lines() do
    table.insert(seen.servers, { pid = tonumber(pid), children = children(tonumber(pid)) })
  end
  file:close()
end

local ok, problem = xpcall(session, debug.traceback)
seen.problem = not ok and problem or nil
local report = assert(io.open(vim.env.IRLENS_REPORT, 'w'))
report:write(vim.fn.json_encode(seen))
report:close()
vim.cmd(ok and 'qall!' or 'cquit 1')
