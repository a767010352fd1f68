-- One sitting with the plugin's own commands, on 0.7 and on 0.11: lift, tune, predict and steps here; what is
-- about models in models.lua and about the server in service.lua. What was seen goes to a JSON file; test_neovim_commands.py
-- judges it.

local tools = dofile(vim.env.IRLENS_SITTINGS .. '/tools.lua')
local seen, wait, the_client, cursor_on = tools.seen, tools.wait, tools.the_client, tools.cursor_on
local view, shown, said, press, hint, jobs = tools.view, tools.shown, tools.said, tools.press, tools.hint, tools.jobs

-- A server that was killed says so on the way; nothing else may.
tools.failures = { '^irlens error: .*', '^irlens: .*failed.*' }

local echo = vim.api.nvim_echo
seen.echoed = {}
vim.api.nvim_echo = function(chunks, ...)
  table.insert(seen.echoed, chunks[1][1])
  return echo(chunks, ...)
end

-- Lines that are marked as belonging to the cursor's in the other window.
local function marked(bufnr)
  local namespace = vim.api.nvim_get_namespaces()['irlens_links']
  return vim.tbl_map(function(mark)
    return vim.api.nvim_buf_get_lines(bufnr, mark[2], mark[2] + 1, false)[1]
  end, vim.api.nvim_buf_get_extmarks(bufnr, namespace, 0, -1, {}))
end

local function lift()
  local asm = tools.open('sum.s')
  wait('the server on assembly', function()
    return the_client(asm)
  end)
  local source = vim.api.nvim_get_current_win()
  cursor_on('addl')
  seen.model_unasked = wait('word of the model', function()
    local status = require('irlens.status').of(asm)
    return status and status.model.name ~= '' and status.model.state
  end)
  vim.cmd('IrlensLift')
  seen.told_at_once = jobs()[1] == nil or jobs()[1].title
  local bufnr, window = shown('lift/')
  seen.lift = {
    name = vim.api.nvim_buf_get_name(bufnr),
    text = tools.text_of(bufnr),
    hint = hint(bufnr),
    filetype = vim.bo[bufnr].filetype,
    modifiable = vim.bo[bufnr].modifiable,
    attached = the_client(bufnr) ~= nil,
    cursor_stays = vim.api.nvim_get_current_win() == source,
    is_beside = vim.api.nvim_win_get_position(window)[1] == vim.api.nvim_win_get_position(source)[1],
  }

  cursor_on('addl')
  vim.cmd('doautocmd CursorMoved')
  seen.linked_from_source = marked(bufnr)
  vim.api.nvim_set_current_win(window)
  cursor_on('= add')
  vim.cmd('doautocmd CursorMoved')
  seen.linked_from_lift = marked(asm)

  vim.cmd('IrlensYank a')
  seen.yanked = vim.fn.getreg('a')

  press('K')
  local why, why_window = shown('why/')
  seen.why = { text = tools.text_of(why), filetype = vim.bo[why].filetype }
  vim.api.nvim_set_current_win(why_window)
  press('q')
  seen.why_closed = view('why/') == nil

  vim.api.nvim_set_current_win(source)
  vim.api.nvim_buf_set_lines(asm, 0, 0, false, { '# edited' })
  vim.cmd('doautocmd TextChanged')
  seen.stale_hint = hint(bufnr)
  vim.cmd('silent undo')

  vim.cmd('IrlensSave')
  local saved = vim.api.nvim_win_get_buf(window)
  seen.saved = {
    name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(saved), ':t'),
    on_disk = table.concat(vim.fn.readfile(vim.api.nvim_buf_get_name(saved)), '\n'),
    view_is_gone = view('lift/') == nil,
  }
  vim.cmd('silent only')

  -- By the lens over the function, and saved once more: under another name, for nothing is overwritten.
  vim.cmd('edit sum.s')
  cursor_on('sum:')
  vim.lsp.codelens.refresh()
  wait('the lens', function()
    return #vim.lsp.codelens.get(asm) > 0
  end)
  vim.lsp.codelens.run()
  shown('lift/')
  vim.cmd('IrlensSave sum.sum.ll')
  seen.not_overwritten = said('is there already')
  vim.cmd('IrlensSave')
  seen.saved_again = said('saved as')
  vim.cmd('silent only | edit sum.s')
  seen.functions = vim.fn.getcompletion('IrlensLift s', 'cmdline')
  vim.cmd('silent only')
end

-- How many candidates there are, and how good, is the model's; so these are made up.
local function candidates()
  local asm = tools.open('sum.s')
  local function candidate(name, is_right)
    return {
      verdict = is_right and 'agrees' or 'compiles',
      words = name .. ' in words',
      shownRight = is_right,
      reason = name,
      origin = 'model',
      ir = name,
      text = '; ' .. name .. '\n',
      evidence = '# why ' .. name .. '\n',
      links = {},
    }
  end
  local lifted = { ['function'] = 'sum', fileName = 'made-up.ll', why = '', rejected = 0 }
  lifted.candidates = { candidate('first', true), candidate('second', false) }
  require('irlens.lift').show(asm, vim.api.nvim_buf_get_changedtick(asm), lifted)
  local bufnr, window = shown('lift/made-up')
  seen.turns = {}
  local function look()
    table.insert(seen.turns, { text = tools.text_of(bufnr), hint = hint(bufnr) })
  end
  look()
  vim.cmd('IrlensNext') -- from the source
  look()
  vim.cmd('IrlensSave')
  seen.not_saved = { said('is not saved'), vim.fn.filereadable('made-up.ll') }
  vim.cmd('IrlensWhy')
  seen.second_why = tools.text_of((shown('why/')))
  press('q')
  vim.api.nvim_set_current_win(window)
  press(']]')
  look()
  press('[[')
  look()
  press('q')
  seen.closed = view('lift/') == nil
  vim.cmd('silent only')
end

-- Diagnostics come when a file is saved, here with those while typing turned off.
local function saving()
  local bufnr = tools.open('caller.ll')
  wait('the server', function()
    return the_client(bufnr)
  end)
  cursor_on('@weigh(i32 %"')
  seen.hover_behind_emoji = tools.hover()

  bufnr = tools.open('plain.ll')
  wait('the server', function()
    return the_client(bufnr)
  end)
  -- 0.11 asks for diagnostics; what it asked when the file was opened must not be answered with the change.
  local function answered()
    wait('the end of all requests', function()
      return next(the_client(bufnr).requests) == nil
    end)
  end
  answered()
  vim.api.nvim_buf_set_lines(bufnr, 1, 2, false, { '  ret i32 0' })
  -- A request behind the change: once it is answered, the server has had the change.
  vim.lsp.buf_request_sync(
    bufnr,
    'textDocument/documentSymbol',
    { textDocument = { uri = vim.uri_from_bufnr(bufnr) } },
    60000
  )
  answered()
  seen.before_saving = #vim.diagnostic.get(bufnr)
  vim.cmd('silent write')
  wait('diagnostics of what was saved', function()
    return #vim.diagnostic.get(bufnr) > 0
  end)
  seen.on_save = vim.diagnostic.get(bufnr)[1].message
  vim.api.nvim_buf_set_lines(bufnr, 1, 2, false, { '  ret void' })
  vim.cmd('silent write')
  wait('them to go', function()
    return #vim.diagnostic.get(bufnr) == 0
  end)
end

-- A function that a list makes smaller than -Oz: the hint, the sizes over it, the list applied to it alone, its command.
local function sizes()
  local bufnr = tools.open('loops.ll')
  local before = tools.text_of(bufnr)
  local hint = wait('the hint at a function', function()
    for _, found in ipairs(vim.diagnostic.get(bufnr)) do
      if vim.startswith(found.message, '`clear` could be ') then
        return found
      end
    end
  end, 150000) -- the search in the background gives way to everything else that runs on the machine
  cursor_on('@clear(')
  seen.sizes = {
    message = hint.message,
    is_hint = hint.severity == vim.diagnostic.severity.HINT,
    marked = vim.api.nvim_buf_get_text(bufnr, hint.lnum, hint.col, hint.end_lnum, hint.end_col, {})[1],
    before = before,
  }
  vim.lsp.codelens.refresh()
  wait('the sizes over it', function()
    for _, lens in ipairs(vim.lsp.codelens.get(bufnr)) do
      if lens.range.start.line == hint.lnum then
        seen.sizes.lens = lens.command.title
        return true
      end
    end
  end)
  -- The lens leads to a diff, and to an edit only from there.
  vim.lsp.codelens.run()
  local proposal = shown('tuned/')
  seen.sizes.proposed = tools.text_of(proposal)
  seen.sizes.untouched = tools.text_of(bufnr) == before
  vim.cmd('silent only')
  vim.cmd('buffer ' .. bufnr)
  cursor_on('@clear(')
  local namespace = vim.lsp.diagnostic.get_namespace(the_client(bufnr).id)
  seen.sizes.sign_severity = vim.diagnostic.config(nil, namespace).signs.severity
  seen.sizes.actions = tools.code_action('Copy the opt command')
  wait('the command in the register', function()
    return vim.startswith(vim.fn.getreg('"'), 'opt ')
  end)
  seen.sizes.yanked = vim.fn.getreg('"')
  tools.code_action('`clear` alone')
  wait('the function to change', function()
    return tools.text_of(bufnr) ~= before
  end)
  seen.sizes.applied = tools.text_of(bufnr)
  vim.cmd('silent undo')
  seen.sizes.undone = tools.text_of(bufnr) == before
  vim.cmd('silent only | edit!')
end

-- A file that does not show which machine it is for: asked about by name, answered for itself alone.
local function target()
  vim.fn.writefile({ 'f:', '\tfrobnicate 1', '\tnop' }, 'unknown.s')
  local bufnr = tools.open('unknown.s')
  local line = function()
    return require('irlens.status').line(bufnr)
  end
  wait('the question', function()
    return line():find('target?', 1, true)
  end)
  seen.target = {
    asked = wait('the words', function()
      return said('unknown.s: Target unknown')
    end),
    offered = vim.fn.getcompletion('IrlensTarget ', 'cmdline'),
  }
  vim.cmd('IrlensTarget x86_64')
  wait('the errors of its assembler', function()
    return #vim.diagnostic.get(bufnr) > 0
  end)
  seen.target.line = line()
  vim.cmd('IrlensTarget ignore')
  wait('silence', function()
    return #vim.diagnostic.get(bufnr) == 0
  end)
  vim.cmd('silent bwipeout!')
end

local function tune()
  local bufnr = tools.open('heavy.ll')
  wait('the server', function()
    return the_client(bufnr)
  end)
  vim.cmd('normal! Go; typed before')
  local before = tools.text_of(bufnr)
  vim.cmd('IrlensTune')
  local proposal = shown('tuned/')
  seen.tune = {
    message = wait('the numbers', function()
      return said(':IrlensApply takes it')
    end),
    untouched = tools.text_of(bufnr) == before,
    is_diff = vim.wo[vim.fn.win_findbuf(bufnr)[1]].diff and vim.wo[vim.fn.win_findbuf(proposal)[1]].diff,
    proposed = tools.text_of(proposal),
    hint = hint(proposal),
  }
  vim.api.nvim_set_current_win(vim.fn.win_findbuf(proposal)[1])
  press('K')
  seen.tune.tried = tools.text_of((shown('tried/')))
  press('q')
  vim.api.nvim_set_current_win(vim.fn.win_findbuf(bufnr)[1])
  vim.cmd('IrlensApply')
  seen.tune.applied = tools.text_of(bufnr)
  seen.tune.still_diff = vim.wo.diff
  vim.cmd('silent undo')
  seen.tune.undone = tools.text_of(bufnr) == before
  vim.cmd('silent undo')
  seen.tune.undone_twice = tools.text_of(bufnr)

  local made_up = { message = '', text = 'x', tried = {}, left_out = {} }
  made_up.best, made_up.before, made_up.oz = { bytes = 1 }, { bytes = 2 }, { bytes = 2 }
  -- An edit just before is an undo step of its own, even where Neovim has not come round to end that one.
  vim.cmd('edit!')
  vim.api.nvim_buf_set_lines(bufnr, 0, 0, false, { '; just before' })
  local edited = tools.text_of(bufnr)
  require('irlens.tune').show(bufnr, vim.api.nvim_buf_get_changedtick(bufnr), made_up)
  vim.cmd('IrlensApply')
  seen.tune.made_up = tools.text_of(bufnr)
  vim.cmd('silent undo')
  seen.tune.edit_stays = tools.text_of(bufnr) == edited

  -- What was made of an older text is not applied.
  require('irlens.tune').show(bufnr, vim.api.nvim_buf_get_changedtick(bufnr), made_up)
  vim.api.nvim_buf_set_lines(bufnr, -1, -1, false, { '; changed' })
  vim.cmd('IrlensApply')
  seen.tune.refused = wait('the refusal', function()
    return said('nothing was applied')
  end)
  vim.api.nvim_set_current_win(select(2, view('tuned/')))
  press('q')
  seen.tune.discarded = view('tuned/') == nil
  vim.cmd('silent only | edit!')
end

local function predict()
  tools.open('heavy.ll')
  cursor_on('alloca')
  local cursor = vim.api.nvim_win_get_cursor(0)
  seen.completed = {
    names = vim.fn.getcompletion('IrlensPredict mem2r', 'cmdline'),
    described = vim.fn.getcompletion('IrlensPredict slots', 'cmdline'),
    inner = vim.fn.getcompletion('IrlensSteps function(sroa,instcomb', 'cmdline'),
    commands = vim.fn.getcompletion('Irlens', 'cmdline'),
    models = vim.fn.getcompletion('IrlensModel d', 'cmdline'),
  }
  vim.cmd('IrlensPredict sroa')
  local bufnr, window = shown('predict/')
  seen.predict = { text = tools.text_of(bufnr), filetype = vim.bo[bufnr].filetype }
  vim.api.nvim_win_close(window, true)
  vim.api.nvim_win_set_cursor(0, cursor)

  -- Without an argument: chosen from a list that says what each does.
  local select = vim.ui.select
  vim.ui.select = function(items, opts, choose)
    vim.ui.select = select
    seen.choices = vim.tbl_map(opts.format_item, items)
    choose(nil)
  end
  vim.cmd('IrlensPredict')
  wait('the list', function()
    return seen.choices
  end)

  vim.cmd('IrlensSteps function(sroa,adce,instcombine)')
  local steps, steps_window = shown('steps/')
  seen.steps = {
    text = tools.text_of(steps),
    has_focus = vim.api.nvim_get_current_win() == steps_window,
    first = tools.text_of((shown('step/'))),
  }
  press(']]')
  seen.steps.second = tools.text_of((shown('step/')))
  cursor_on('start')
  press('VG<CR>')
  seen.steps.between = tools.text_of((shown('step/')))
  press('a')
  seen.steps.all = tools.text_of(steps)
  press('q')
  seen.steps.closed = view('steps/') == nil
  vim.cmd('silent only')
end

-- An object as a listing, to which the server of another buffer is attached, and from which a function is lifted.
local function disassemble()
  tools.open('sum.s')
  vim.cmd('silent only')
  vim.cmd('IrlensDisassemble ' .. vim.fn.fnameescape(vim.env.IRLENS_OBJECT))
  local bufnr, window = shown('listing/')
  vim.api.nvim_set_current_win(window)
  seen.listing = { text = tools.text_of(bufnr), filetype = vim.bo[bufnr].filetype, modifiable = vim.bo[bufnr].modifiable }
  cursor_on(': ret')
  vim.cmd('IrlensLift')
  seen.listing.lift = wait('the word on the lift', function()
    return said('A listing is not read')
  end)
  vim.cmd('silent only')
end

-- A `.S` as its assembler gets it.
local function preprocess()
  tools.open('entry.S')
  vim.cmd('silent only')
  vim.cmd('IrlensPreprocess')
  local bufnr = shown('listing/')
  seen.preprocessed = tools.text_of(bufnr)
  vim.cmd('silent only')
end

tools.run(function()
  seen.loaded_at_start = vim.tbl_filter(function(name)
    return name:match('^irlens%.')
  end, vim.tbl_keys(package.loaded))
  for _, part in ipairs({ lift, candidates, saving, sizes, target, tune, predict, disassemble, preprocess }) do
    part()
  end
  dofile(vim.env.IRLENS_SITTINGS .. '/models.lua')(tools)
  dofile(vim.env.IRLENS_SITTINGS .. '/service.lua')(tools)
end)
