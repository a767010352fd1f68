-- Filetypes of LLVM IR and assembly, for every Neovim from 0.7.
--
-- Neovim gives most `.ll` files the filetype `lifelines` (0.11 gives `llvm` only where the first line looks
-- like it), and takes a `.s` with `.ident`, `.title` or `.macro` near its top for VAX macro (`vmasm`).

local LINES_READ = 200

---`.ll` is LLVM IR, unless a line is `%%`: that is a Flex scanner in C++, and cannot be IR.
local function of_ll(_, bufnr)
  for _, line in ipairs(vim.api.nvim_buf_get_lines(bufnr or 0, 0, LINES_READ, false)) do
    if line:match('^%%%%%s*$') then
      return 'lex'
    end
  end
  return 'llvm'
end

---`.s`, `.S` and `.asm` are `asm`, unless the file (`asmsyntax=nasm` near its top) or the user (`g:asmsyntax`)
---says otherwise.
local function of_s(_, bufnr)
  local head = table.concat(vim.api.nvim_buf_get_lines(bufnr or 0, 0, 5, false), ' ')
  local wanted = vim.g.asmsyntax
  return (' ' .. head .. ' '):match('%sasmsyntax=(%w+)%s')
    or (type(wanted) == 'string' and wanted ~= '' and wanted)
    or 'asm'
end

if vim.fn.has('nvim-0.8') == 1 then
  vim.filetype.add({ extension = { ll = of_ll, s = of_s, S = of_s, asm = of_s } })
else
  -- 0.7 detects by autocommands of this group; those of ftdetect/ come last, so theirs is the final word.
  local function set(pattern, detect)
    vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
      group = 'filetypedetect',
      pattern = pattern,
      callback = function(event)
        vim.bo[event.buf].filetype = detect(event.match, event.buf)
      end,
    })
  end
  set('*.ll', of_ll)
  set({ '*.s', '*.S', '*.asm' }, of_s)
end
