---@brief
---
--- irlens: LLVM IR (`.ll`) and assembly (`.s`) with a local model whose answers LLVM has checked.
---
--- For Neovim 0.11 and newer. With this folder on the 'runtimepath', `vim.lsp.enable('irlens')` is all;
--- `vim.lsp.config('irlens', { ... })` before it changes what is below. Filetypes: see ftdetect/irlens.lua.

---@type vim.lsp.Config
return {
  cmd = { 'irlens', 'serve' },
  filetypes = { 'llvm', 'asm' },
  root_markers = { '.git' },
  handlers = require('irlens.status').handlers,
  before_init = require('irlens.client').before_init,
  on_init = require('irlens.client').on_init,
  on_exit = require('irlens.life').on_exit,
}
