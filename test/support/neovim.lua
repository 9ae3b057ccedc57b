-- Neovim as a person would use it: opens the file named by FILE with the server named by CLI, waits for findings, takes the first
-- preferred action, waits until its finding is gone, and saves. What was seen goes to the file named by SEEN.
local file, cli, seen = vim.env.FILE, vim.env.CLI, vim.env.SEEN
local diagnostics = function()
  return vim.tbl_map(function(each) return { lnum = each.lnum, code = each.code, severity = each.severity, message = each.message } end, vim.diagnostic.get(0))
end
vim.cmd('edit ' .. vim.fn.fnameescape(file))
local id = vim.lsp.start_client({ name = 'lockstep', cmd = { vim.env.NODE, cli, 'lsp', '--stdio' }, root_dir = vim.env.ROOT })
vim.lsp.buf_attach_client(0, id)
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 20)
local before = diagnostics()
local last = vim.api.nvim_buf_line_count(0)
local params = { textDocument = vim.lsp.util.make_text_document_params(), range = { start = { line = 0, character = 0 }, ['end'] = { line = last, character = 0 } }, context = { diagnostics = {} } }
local titles, taken = {}, nil
for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 20000) or {}) do
  for _, action in ipairs(answer.result or {}) do
    table.insert(titles, action.title)
    if action.isPreferred and not taken then taken = action end
  end
end
local hover = ''
for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/hover', { textDocument = params.textDocument, position = { line = before[1].lnum, character = 20 } }, 20000) or {}) do
  hover = answer.result.contents.value
end
vim.lsp.util.apply_workspace_edit(taken.edit, 'utf-16')
vim.wait(20000, function() return #vim.diagnostic.get(0) < #before end, 20)
local after = diagnostics()
vim.cmd('write')
local out = io.open(seen, 'w')
out:write(vim.json and vim.json.encode({ before = before, titles = titles, taken = taken.title, hover = hover, after = after }) or '')
out:close()
vim.cmd('qa!')
