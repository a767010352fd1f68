-- One sitting in Neovim with what it has by itself: open files, look at what irlens shows, use it, leave. What
-- was seen goes to a JSON file; test_neovim.py judges it. Runs on 0.7 and on 0.11.

local tools = dofile(vim.env.IRLENS_SITTINGS .. '/tools.lua')
local seen, wait, the_client, cursor_on = tools.seen, tools.wait, tools.the_client, tools.cursor_on
local code_action = tools.code_action

local function open(name)
  local bufnr = tools.open(name)
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

tools.run(function()
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
  seen.hover = tools.hover()
  seen.actions_ll = code_action(nil)
  local before = vim.api.nvim_buf_get_lines(broken, 0, -1, false)
  code_action('-Oz')
  wait('the module to change', function()
    return not vim.deep_equal(before, vim.api.nvim_buf_get_lines(broken, 0, -1, false))
  end)
  seen.after_oz = tools.text_of(broken)

  -- A lift: a new buffer beside the assembly.
  local asm = open('sum.s')
  wait('the server on assembly', function()
    return the_client(asm)
  end)
  cursor_on('sum:')
  seen.hover_s = tools.hover()
  cursor_on('addl')
  seen.actions_s = code_action('Lift')
  wait('the lifted module', function()
    local bufnr = vim.api.nvim_get_current_buf()
    return bufnr ~= asm and vim.api.nvim_buf_get_lines(bufnr, 0, 1, false)[1] ~= ''
  end)
  local lifted = vim.api.nvim_get_current_buf()
  seen.lifted = {
    name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(lifted), ':t'),
    text = tools.text_of(lifted),
    filetype = vim.bo[lifted].filetype,
    listed = vim.bo[lifted].buflisted,
    modified = vim.bo[lifted].modified,
  }
  wait('the server on the lifted module', function()
    return the_client(lifted)
  end)

  -- Other files of these suffixes: the filetype alone.
  for _, name in ipairs({ 'plain.ll', 'scanner.ll', 'UPPER.S', 'macro.s', 'nasm.s', 'new.ll', 'new.asm' }) do
    open(name)
  end
  seen.servers = tools.servers()
end)
