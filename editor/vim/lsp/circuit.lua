-- Neovim 0.11 or later: `vim.lsp.enable('circuit')` starts this where a CircuitScript file is opened.
return {
  cmd = { 'circuit', 'lsp' },
  filetypes = { 'circuit' },
  root_markers = { '.git' },
}
