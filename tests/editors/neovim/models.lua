-- The part of the sitting in commands.lua that is about models: the list, the licence, a download that is called off
-- and goes on, a lift with what was chosen, and the removal. The hub stops in the middle of the file, once.

local NAME = 'llm-compiler-7b-ftd'

return function(tools)
  local seen, wait, the_client, said, shown = tools.seen, tools.wait, tools.the_client, tools.said, tools.shown
  seen.models = {}
  local models = seen.models
  local select = vim.ui.select

  -- The next choice is the one at `index`; `look` sees what there is to choose from.
  local function answer(index, look)
    vim.ui.select = function(items, _, choose)
      vim.ui.select = select
      if look then
        look(items)
      end
      choose(items[index], index)
    end
  end

  local function set(candidates, origin)
    local client = the_client(vim.api.nvim_get_current_buf())
    for _, settings in ipairs({ client.settings or {}, client.config.settings or {} }) do
      local lift = { candidates = candidates, origin = origin }
      settings.irlens = vim.tbl_deep_extend('force', settings.irlens or {}, { lift = lift })
    end
    local fetched
    local handler = vim.lsp.handlers['workspace/configuration']
    vim.lsp.handlers['workspace/configuration'] = function(...)
      fetched = true
      return handler(...)
    end
    local sent = { settings = client.settings or client.config.settings }
    require('irlens.client').call(client, 'notify', 'workspace/didChangeConfiguration', sent)
    wait('the server to fetch them', function()
      return fetched
    end)
    vim.lsp.handlers['workspace/configuration'] = handler
    -- A request behind them: once it is answered, the server has had them.
    local bufnr = vim.api.nvim_get_current_buf()
    local params = { textDocument = { uri = vim.uri_from_bufnr(bufnr) } }
    vim.lsp.buf_request_sync(bufnr, 'textDocument/documentSymbol', params, 60000)
  end

  local function closed(name)
    tools.press('q')
    wait('the view to close', function()
      return tools.view(name) == nil
    end)
  end

  local asm = tools.open('sum.s')
  wait('the server on assembly', function()
    return the_client(asm)
  end)
  vim.cmd('IrlensModel list')
  models.list = tools.text_of((shown('models')))
  closed('models')
  models.actions = vim.fn.getcompletion('IrlensModel ', 'cmdline')
  models.to_pull = vim.fn.getcompletion('IrlensModel pull llm-compiler-7b-ftd:Q4_K', 'cmdline')

  answer(2, function(items)
    models.choices = items
    models.licence = tools.text_of((shown('licence/')))
  end)
  vim.cmd('IrlensModel pull ' .. NAME)
  models.refused = wait('the refusal', function()
    return said('nothing was downloaded')
  end)
  models.licence_is_gone = tools.view('licence/') == nil

  answer(1)
  vim.cmd('IrlensModel pull ' .. NAME)
  models.downloading = wait('the download', function()
    local job = tools.jobs()[1]
    return job and job.message:find(' of ') and job.message
  end)
  vim.cmd('IrlensCancel')
  models.stopped = wait('word of the cancel', function()
    return said('What came is kept')
  end)
  vim.cmd('IrlensModel pull ' .. NAME)
  models.here = wait('the model', function()
    return said('its SHA-256 checked')
  end)

  models.to_use = vim.fn.getcompletion('IrlensModel use llm', 'cmdline')
  models.tasks = vim.fn.getcompletion('IrlensModel use ' .. NAME .. ' t', 'cmdline')
  vim.cmd('IrlensModel use ' .. NAME .. ' lift')
  models.used = wait('word of the choice', function()
    return said('is used for lift from now on')
  end)
  wait('the status to say so', function()
    local status = require('irlens.status').of(asm)
    return status and status.tasks and status.tasks.lift.name == 'tiny'
  end)
  set(1, 'best')
  tools.cursor_on('addl')
  vim.cmd('IrlensLift')
  models.lifted = tools.text_of((shown('lift/')))
  vim.cmd('silent only')
  set(64, 'model')
  models.of_tasks = require('irlens.status').model_lines(asm)
  vim.cmd('IrlensModel info')
  models.info = tools.text_of((shown('model')))
  closed('model')

  answer(1, function(items)
    models.question = items
  end)
  vim.cmd('IrlensModel remove ' .. NAME .. ':Q4_K_M')
  models.removed = wait('the removal', function()
    return said('is removed, ')
  end)
  wait('the old model', function()
    return require('irlens.status').of(asm).tasks.lift.name == 'irlens-small'
  end)
  vim.cmd('silent only')
end
