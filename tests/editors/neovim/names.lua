-- Hostile names where Neovim would run, expand or break what stands in them. What was seen goes to IRLENS_REPORT.

local names = vim.fn.json_decode(vim.fn.readfile(vim.env.IRLENS_NAMES))
local say, view, progress = require('irlens.say'), require('irlens.view'), require('irlens.progress')
local seen = { ran = false, shown = {}, echoed = {}, told = {}, lines = {}, files = {} }

vim.g.ran = 0
vim.notify = function(text)
  table.insert(seen.told, text)
end
vim.api.nvim_echo = function(chunks)
  table.insert(seen.echoed, chunks[1][1])
end

local option = vim.fn.exists('&winbar') == 1 and 'winbar' or 'statusline'
for number, name in ipairs(names) do
  local bufnr, window = view.open({ name = 'why/' .. number, lines = { name, 'a' }, filetype = 'text', focus = true })
  view.hint(bufnr, { { name, 'Comment' } })
  local drawn = vim.api.nvim_eval_statusline(vim.wo[window][option], { winid = window, maxwidth = 500 })
  table.insert(seen.shown, drawn.str)
  vim.cmd('redraw')
  table.insert(seen.lines, vim.api.nvim_buf_line_count(bufnr))
  view.close(bufnr)
  progress.echo('Lift ' .. name)
  say.info(name)
  table.insert(seen.files, say.path('`touch ' .. vim.env.IRLENS_REPORT .. '.evil`' .. name))
end
seen.ran = vim.g.ran ~= 0
seen.home = say.path('$HOME/a.gguf') == vim.env.HOME .. '/a.gguf' and say.path('~/a.gguf') == vim.env.HOME .. '/a.gguf'
vim.fn.writefile({ vim.fn.json_encode(seen) }, vim.env.IRLENS_REPORT)
vim.cmd('qall!')
