" Vim syntax file
" Language: CircuitScript
" The words in this file are those of the program. HighlightingTest writes it and holds it to them.

if exists('b:current_syntax')
  finish
endif

let s:keep = &cpoptions
set cpoptions&vim

syntax iskeyword @,48-57,_,-,192-255
syntax sync minlines=20

" A name, as the language reads it: dots, slashes and minus signs join its pieces.
syntax match circuitName ~\v\*?[0-9A-Za-z_\u00a1-\uffff]+%(\*[0-9A-Za-z_\u00a1-\uffff]+)*\*?%([./-]\*?[0-9A-Za-z_\u00a1-\uffff]+%(\*[0-9A-Za-z_\u00a1-\uffff]+)*\*?)*~
syntax match circuitOption ~\v\*?[0-9A-Za-z_\u00a1-\uffff]+%(\*[0-9A-Za-z_\u00a1-\uffff]+)*\*?%([./-]\*?[0-9A-Za-z_\u00a1-\uffff]+%(\*[0-9A-Za-z_\u00a1-\uffff]+)*\*?)*\ze\=\=@!~
syntax match circuitFunction ~\v<%(quantile|flatten|logprob|replace|shuffle|median|sample|unique|clock|count|group|logit|lower|round|spans|split|upper|join|mean|prob|sort|sqrt|trim|abs|exp|len|log|max|min|mod|std|sum|zip|kl)\ze\(~

" Words that have their meaning everywhere.
syntax keyword circuitControl import else for if
syntax keyword circuitDeclare param def let
syntax keyword circuitConnective and not in or
syntax keyword circuitConstant false none true

" Words that have it where a statement begins.
syntax match circuitStatement ~\v%(^\s*|[;{(]\s*|\s\=\s*|%(<print|<return)\s+)@<=%(random-circuits|check-scores|test-circuit|attribute|threshold|baseline|complete|evaluate|generate|minimize|circuit|compare|predict|ablate|expect|filter|greedy|metric|remove|render|report|tokens|edges|empty|nodes|patch|print|prune|sweep|write|data|full|help|keep|load|loss|open|plot|read|rows|save|seed|task|add|set|top|use)%([0-9A-Za-z_\u00a1-\uffff]|\*%(\s*-\>)@!|[./-]\*?[0-9A-Za-z_\u00a1-\uffff])@!%(\s*%(\=\=@!|[+/^&<>)\],]|-\>|\.[0-9./]@!|\*\s*[0-9]))@!~
syntax match circuitControl ~\v%(^\s*|[;{(]\s*|\s\=\s*|%(<print|<return)\s+)@<=%(continue|return|break|quiet|while)%([0-9A-Za-z_\u00a1-\uffff]|\*%(\s*-\>)@!|[./-]\*?[0-9A-Za-z_\u00a1-\uffff])@!%(\s*%(\=\=@!|[+/^&<>)\],]|-\>|\.[0-9./]@!|\*\s*[0-9]))@!~
syntax match circuitControl ~\v<%(where)%([0-9A-Za-z_\u00a1-\uffff]|\*%(\s*-\>)@!|[./-]\*?[0-9A-Za-z_\u00a1-\uffff])@!%(\s*\=)@!~
syntax match circuitStatement ~\v%(<data\s+)@<=%(generate)%([0-9A-Za-z_\u00a1-\uffff]|\*%(\s*-\>)@!|[./-]\*?[0-9A-Za-z_\u00a1-\uffff])@!~

syntax match circuitNumber ~\v%([0-9]+%(\.[0-9]+)?|\.[0-9]+)%(%([eE][+-]?[0-9]+)?\%?|[KMGT]B)%([0-9A-Za-z_\u00a1-\uffff]|\*%(\s*-\>)@!|[./-]\*?[0-9A-Za-z_\u00a1-\uffff])@!~
syntax match circuitNode ~\v%(input|logits|[am]%([0-9]+|\*)%(\.h%([0-9]+|\*))?)%([0-9A-Za-z_\u00a1-\uffff]|\*%(\s*-\>)@!|[./-]\*?[0-9A-Za-z_\u00a1-\uffff])@!~
syntax match circuitNode ~\v\*\ze%(\s*-\>|\@)~
syntax match circuitNode ~\v%(-\>\s*)@<=\*~
syntax match circuitEdge ~->~
syntax match circuitPort ~\v\<[a-z]+\>~
syntax match circuitSpan ~\v\@%(\*?[0-9A-Za-z_\u00a1-\uffff]+%(\*[0-9A-Za-z_\u00a1-\uffff]+)*\*?%([./-]\*?[0-9A-Za-z_\u00a1-\uffff]+%(\*[0-9A-Za-z_\u00a1-\uffff]+)*\*?)*|\[[^]]*\])?~
syntax match circuitRange ~\.\.~

syntax cluster circuitCode contains=circuitName,circuitOption,circuitFunction,circuitControl,circuitConnective,circuitConstant,circuitNumber
syntax cluster circuitCode add=circuitNode,circuitEdge,circuitPort,circuitSpan,circuitRange,circuitString
syntax region circuitString start=/"/ skip=/\\./ end=/"/ end=/$/ oneline contains=circuitEscape,circuitHole
syntax match circuitEscape /\\.\|{{\|}}/ contained
syntax region circuitHole matchgroup=circuitEscape start=/{{\@!/ end=/}/ oneline contained contains=@circuitCode,circuitSet
syntax region circuitSet start=/{/ end=/}/ oneline transparent contained contains=@circuitCode,circuitSet
syntax match circuitComment /#.*$/ contains=@Spell,circuitTodo
syntax keyword circuitTodo TODO FIXME XXX contained

highlight default link circuitStatement Function
highlight default link circuitControl Conditional
highlight default link circuitDeclare Type
highlight default link circuitConnective Operator
highlight default link circuitConstant Boolean
highlight default link circuitFunction Function
highlight default link circuitOption Identifier
highlight default link circuitNumber Number
highlight default link circuitNode Type
highlight default link circuitEdge Operator
highlight default link circuitRange Operator
highlight default link circuitPort StorageClass
highlight default link circuitSpan Tag
highlight default link circuitString String
highlight default link circuitEscape SpecialChar
highlight default link circuitComment Comment
highlight default link circuitTodo Todo

let b:current_syntax = 'circuit'

let &cpoptions = s:keep
unlet s:keep
