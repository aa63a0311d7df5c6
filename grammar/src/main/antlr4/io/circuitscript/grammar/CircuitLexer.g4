/*
 * The tokens of CircuitScript. White space and comments are kept on the hidden channel and the last rule takes any character, so that
 * the same lexer serves a highlighter. Whether `-`, `*`, `(` and `[` continue an operand depends on what stands beside them: a pass over
 * the finished tokens decides it and gives them the types declared below.
 */
lexer grammar CircuitLexer;

tokens { SIGN, TIMES, CALL_OPEN, INDEX_OPEN, COMMAND, FILE_COMMAND, SOFT_COMMAND, SOFT_FILE_COMMAND, SOFT_CONDITION }

@members {
    /** A stray brace must cost one message, not an exception. */
    @Override
    public int popMode() {
        return _modeStack.isEmpty() ? _mode : super.popMode();
    }

    /** A string ends on its line, and with it everything inside: an open quote costs one line. */
    private void lineEnd() {
        _modeStack.clear();
        mode(DEFAULT_MODE);
    }
}

LINE_END : EOL { lineEnd(); } ;
SPACE : [ \t\f\p{Zs}\uFEFF]+ -> channel(HIDDEN) ;
COMMENT : '#' ~[\r\n]* -> channel(HIDDEN) ;

// Reserved words.
PRINT : 'print' ;
EXPECT : 'expect' ;
LET : 'let' ;
FOR : 'for' ;
IN : 'in' ;
IF : 'if' ;
ELSE : 'else' ;
DEF : 'def' ;
IMPORT : 'import' ;
HELP : 'help' ;
AND : 'and' ;
OR : 'or' ;
NOT : 'not' ;
TRUE : 'true' ;
FALSE : 'false' ;
NONE : 'none' ;

// Words that begin a statement without a value: a variable may bear such a name.
PARAM : 'param' ;
SET : 'set' ;
SEED : 'seed' ;
LOSS : 'loss' ;
WHERE : 'where' ;

// Words that begin a statement with a value. One whose form is only its word, then values and options, is a COMMAND, or a FILE_COMMAND
// where a file in quotes follows it; a new one needs its line here, between LOAD and OPEN, and nothing in the parser.
LOAD : 'load' -> type(COMMAND) ;
PREDICT : 'predict' -> type(COMMAND) ;
TOKENS : 'tokens' -> type(COMMAND) ;
DATA : 'data' ;
TASK : 'task' ;
METRIC : 'metric' ;
BASELINE : 'baseline' -> type(COMMAND) ;
NODES : 'nodes' -> type(COMMAND) ;
EDGES : 'edges' -> type(COMMAND) ;
ABLATE : 'ablate' -> type(COMMAND) ;
ATTRIBUTE : 'attribute' -> type(COMMAND) ;
THRESHOLD : 'threshold' -> type(COMMAND) ;
TOP : 'top' -> type(COMMAND) ;
GREEDY : 'greedy' -> type(COMMAND) ;
PRUNE : 'prune' -> type(COMMAND) ;
FULL : 'full' -> type(COMMAND) ;
EMPTY : 'empty' -> type(COMMAND) ;
ADD : 'add' -> type(COMMAND) ;
REMOVE : 'remove' -> type(COMMAND) ;
CIRCUIT : 'circuit' ;
USE : 'use' ;
KEEP : 'keep' ;
EVALUATE : 'evaluate' -> type(COMMAND) ;
SWEEP : 'sweep' -> type(COMMAND) ;
COMPARE : 'compare' -> type(COMMAND) ;
GENERATE : 'generate' ;
PATCH : 'patch' -> type(COMMAND) ;
CHECK_SCORES : 'check-scores' -> type(COMMAND) ;
RENDER : 'render' -> type(FILE_COMMAND) ;
PLOT : 'plot' -> type(FILE_COMMAND) ;
REPORT : 'report' -> type(FILE_COMMAND) ;
SAVE : 'save' -> type(FILE_COMMAND) ;
OPEN : 'open' -> type(FILE_COMMAND) ;

// Words that begin a statement only where one begins and no `=` or operator follows: anywhere else each is a name like any other. A new
// statement whose form is only its word, then values and options, needs its line here, between WRITE and READ, and nothing in the parser.
WRITE : 'write' -> type(SOFT_FILE_COMMAND) ;
ROWS : 'rows' -> type(SOFT_COMMAND) ;
RANDOM_CIRCUITS : 'random-circuits' -> type(SOFT_COMMAND) ;
MINIMIZE : 'minimize' -> type(SOFT_COMMAND) ;
COMPLETE : 'complete' -> type(SOFT_COMMAND) ;
// A condition on rows follows, in which every word is a name: a column may be called as a statement is.
FILTER : 'filter' -> type(SOFT_CONDITION) ;
TEST_CIRCUIT : 'test-circuit' -> type(SOFT_COMMAND) ;
READ : 'read' -> type(SOFT_FILE_COMMAND) ;
// The same for statements with a form of their own.
QUIET : 'quiet' ;
WHILE : 'while' ;
BREAK : 'break' ;
CONTINUE : 'continue' ;
RETURN : 'return' ;

// `1e-3`, `5-3` and `2GB` could all be words: the longest match wins, then the first rule.
NUMBER : (DIGIT+ ('.' DIGIT+)? | '.' DIGIT+) ([eE] [+-]? DIGIT+)? '%'? ;

STAR : '*' ;
WORD : PIECE ([./-] PIECE)*
     | '/' STEPS
     | FOLDER STEPS?
     | NODE '..' NODE
     | ('cuda' | 'mps' | 'cpu') ':' DIGIT+
     ;

PORT : '<' [a-z]+ '>' ;
ARROW : '->' ;
RANGE : '..' ;
DOT : '.' ;
// Leads to a span of positions: `m0->logits@end`.
AT : '@' ;
EQUAL : '==' ;
NOT_EQUAL : '!=' ;
LESS_OR_EQUAL : '<=' ;
GREATER_OR_EQUAL : '>=' ;
LESS : '<' ;
GREATER : '>' ;
ASSIGN : '=' ;
PLUS : '+' ;
MINUS : '-' ;
SLASH : '/' ;
CARET : '^' ;
AMPERSAND : '&' ;
COMMA : ',' ;
SEMICOLON : ';' ;
LEFT_PAREN : '(' ;
RIGHT_PAREN : ')' ;
LEFT_BRACKET : '[' ;
RIGHT_BRACKET : ']' ;
// Inside a string's hole a closing brace leads back into the string.
LEFT_BRACE : '{' -> pushMode(DEFAULT_MODE) ;
RIGHT_BRACE : '}' -> popMode ;
// How a hole of a string is written out; anywhere else a colon is a mistake.
FORMAT : ':' ~[}"\r\n]* ;
QUOTE : '"' -> pushMode(STRING) ;

// What people bring from other languages, each one token and so one message.
FOREIGN : '&&' | '||' | '!' | ':=' | '=>' | '**' | '//' ~[\r\n]* | '/*' ~[\r\n]* | '\'' ~['\r\n]* '\'' | [\u201C\u201D\u201E] ~[\u201C\u201D\u201E"\r\n]* [\u201C\u201D\u201E"] ;
ANY : . ;

mode STRING;

STRING_LINE_END : EOL { lineEnd(); } -> type(LINE_END) ;
QUOTE_END : '"' -> popMode ;
ESCAPE : '\\' ~[\r\n] ;
BRACES : '{{' | '}}' ;
HOLE : '{' -> pushMode(DEFAULT_MODE) ;
TEXT : ~["\\{}\r\n]+ ;
// A brace or a backslash that means nothing here.
STRAY : [}\\] ;

fragment EOL : '\r\n' | '\n' | '\r' ;
fragment DIGIT : [0-9] ;
fragment CHARACTER : [\p{L}\p{M}\p{Nd}_] ;
fragment PIECE : '*'? CHARACTER+ ('*' CHARACTER+)* '*'? | '*' ;
fragment FOLDER : ('~/' | './' | '../') '../'* ;
fragment STEPS : '.'? PIECE ([./-] '.'? PIECE)* '/'? ;
fragment NODE : 'input' | 'logits' | [am] INDEX ('.h' INDEX)? ;
fragment INDEX : DIGIT+ | '*' ;
