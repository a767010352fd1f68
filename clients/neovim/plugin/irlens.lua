-- The commands of irlens. Each loads what it needs when it is first used, so that starting Neovim costs nothing.

if vim.g.loaded_irlens or vim.fn.has('nvim-0.7') == 0 then
  return
end
vim.g.loaded_irlens = true

---@param name string without "Irlens"
---@param does string one line, as `:command` and pickers show it
---@param opts? table of |nvim_create_user_command|; `complete` names a function of irlens.complete
local function command(name, does, opts)
  opts = vim.tbl_extend('force', { desc = does, nargs = 0 }, opts or {})
  local complete = opts.complete
  if complete then
    opts.complete = function(...)
      return require('irlens.complete')[complete](...)
    end
  end
  vim.api.nvim_create_user_command('Irlens' .. name, function(given)
    require('irlens.commands').run(name, given)
  end, opts)
end

command('Lift', 'Lift an assembly function to LLVM IR, beside its source', { nargs = '?', complete = 'functions' })
command('Next', 'Show the next candidate of a lift', { count = 1 })
command('Why', 'Show the evidence behind the verdict of a lift')
command('Save', 'Save a lift as a new .ll file', { nargs = '?', complete = 'files' })
command('Yank', 'Yank the IR of a lift', { register = true })
command('Tune', 'Optimize a module for size: shows a diff before anything changes')
command('Apply', 'Apply the module that :IrlensTune shows, as one undo step')
command('Predict', 'What a pass does to a function: predicted beside measured', { nargs = '?', complete = 'passes' })
command('Steps', 'What each pass of a pipeline does to a function, measured', { nargs = '?', complete = 'passes' })
command('Preprocess', 'Show a .S as its assembler gets it')
command('Disassemble', 'Show an ELF object or program as assembly to lift from', { nargs = '+', complete = 'files' })
command('Cancel', 'Call off what irlens is doing')
command('Target', 'Say which machine an assembly file is for', { nargs = '?', complete = 'targets' })
command('Status', 'What the server and the model are doing')
command('Model', 'Show, list, download, choose or remove models', { nargs = '*', complete = 'models' })
command('Restart', 'Restart the server')
command('Log', 'Open the log of the language servers')
