/*
 * The statements and expressions of CircuitScript. What a statement's words and options may be is declared by the statement, not here.
 * Rules are wider than the language where that gives a better message (chains of comparisons, an assignment without `let`); the
 * builder of the syntax tree narrows them. Expressions recurse through brackets only, so that their depth can be limited beforehand.
 */
parser grammar CircuitParser;

options { tokenVocab = CircuitLexer; }

script : statements EOF ;

statements : statement? (separator statement?)* ;

separator : LINE_END | SEMICOLON ;

block : LEFT_BRACE statements RIGHT_BRACE ;

statement
    : LET variable ASSIGN value                                                     # letStatement
    | PARAM variable ASSIGN value                                                   # paramStatement
    | PRINT value (COMMA value)*                                                    # printStatement
    | EXPECT expression                                                             # expectStatement
    | blockValue                                                                    # blockStatement
    | WHILE expression block                                                        # whileStatement
    | (BREAK | CONTINUE)                                                            # jumpStatement
    | RETURN value?                                                                 # returnStatement
    | DEF variable open (parameter (COMMA parameter)* COMMA?)? RIGHT_PAREN block    # defStatement
    | IMPORT expression                                                             # importStatement
    | HELP name?                                                                    # helpStatement
    | CIRCUIT name block                                                            # circuitStatement
    | TASK name block                                                               # taskStatement
    | (METRIC | LOSS) name (open (variable (COMMA variable)* COMMA?)? RIGHT_PAREN)?
        ASSIGN expression where?                                                    # metricStatement
    | DATA GENERATE option* block                                                   # generateStatement
    | WHERE expression (COMMA expression)*                                          # whereStatement
    | (SET | SEED) tail                                                             # settingStatement
    | command                                                                       # resultStatement
    | name ASSIGN value                                                             # assignmentStatement
    | WORD unknownStart unknownRest*                                                # unknownStatement
    | expression                                                                    # lookStatement
    ;

// Statements with a block, whose value is the block's: they may stand where a value does.
blockValue
    : FOR iteration (COMMA iteration)* block                           # forBlock
    | IF expression block (ELSE IF expression block)* (ELSE block)?    # ifBlock
    | QUIET block                                                      # quietBlock
    ;

iteration : variable IN expression ;

open : LEFT_PAREN | CALL_OPEN ;

parameter : variable (ASSIGN item)? ;

where : WHERE binding (COMMA binding)* ;

binding : variable ASSIGN expression ;

// Statements without braces that have a result.
command
    : (COMMAND | FILE_COMMAND | GENERATE) tail
    | DATA (expression | option)*
    | METRIC ((item | plainReserved) tail)?
    | TASK (name | NUMBER | string)? option*
    | (USE | KEEP) plainReserved? tail
    ;

tail : (item | option)* ;

option : name ASSIGN item ;

value : command | blockValue | expression ;

// A word that begins a statement is a plain word where it is all there is: `by=greedy`, `[top, greedy]`.
item : expression | statementWord ;

// What cannot go on an expression after a word: `abalte m10->logits`.
unknownStart
    : WORD | NUMBER | QUOTE | SIGN | statementWord | plainReserved | TRUE | FALSE | NONE | NOT | LEFT_PAREN | LEFT_BRACKET | braces
    ;

unknownRest : ~(LINE_END | SEMICOLON | LEFT_BRACE | HOLE | RIGHT_BRACE) | braces ;

braces : (LEFT_BRACE | HOLE) (~(LEFT_BRACE | HOLE | RIGHT_BRACE) | braces)* RIGHT_BRACE ;

expression : conjunction (OR conjunction)* ;

conjunction : negation (AND negation)* ;

negation : NOT* comparison ;

comparison : arrow ((EQUAL | NOT_EQUAL | LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL | IN) compared)* ;

compared : arrow | statementWord ;

arrow : range (ARROW range)* ;

range : sum (RANGE sum)* ;

sum : intersection ((PLUS | MINUS) intersection)* ;

intersection : product (AMPERSAND product)* ;

product : power ((TIMES | SLASH) power)* ;

power : signed (CARET signed)* ;

signed : SIGN* postfix ;

postfix : primary suffix* ;

suffix
    : CALL_OPEN (argument (COMMA argument)* COMMA?)? RIGHT_PAREN    # call
    | INDEX_OPEN item RIGHT_BRACKET                                 # index
    | DOT WORD                                                      # field
    | PORT                                                          # port
    | AT span                                                       # atSpan
    ;

// Which spans of positions an edge is meant at.
span
    : name                                                          # spanName
    | string                                                        # spanText
    | LEFT_PAREN value RIGHT_PAREN                                  # spanValue
    | LEFT_BRACKET (item (COMMA item)* COMMA?)? RIGHT_BRACKET       # spanList
    ;

argument : name ASSIGN given | given ;

given : item | blockValue ;

primary
    : WORD                                                    # word
    | NUMBER                                                  # number
    | string                                                  # text
    | (TRUE | FALSE)                                          # boolean
    | NONE                                                    # none
    | LEFT_PAREN value RIGHT_PAREN                            # parentheses
    | LEFT_PAREN entry (COMMA entry)* COMMA? RIGHT_PAREN      # record
    | LEFT_BRACKET (item (COMMA item)* COMMA?)? RIGHT_BRACKET # list
    | LEFT_BRACKET item FOR iteration (IF expression)? RIGHT_BRACKET # comprehension
    | LEFT_BRACE (item (COMMA item)* COMMA?)? RIGHT_BRACE     # set
    ;

// A field of a record.
entry : name ASSIGN given ;

string : QUOTE part* QUOTE_END ;

part
    : TEXT                                   # plain
    | ESCAPE                                 # escape
    | BRACES                                 # doubled
    | STRAY                                  # stray
    | HOLE expression FORMAT? RIGHT_BRACE    # hole
    ;

// The builder says which names are taken.
variable : name | NUMBER ;

name : WORD | statementWord | softWord | reserved ;

// Elsewhere than at the start of a statement these reach the parser as WORD.
softWord : PARAM | SET | SEED | LOSS | WHERE ;

statementWord : COMMAND | FILE_COMMAND | DATA | TASK | METRIC | GENERATE | CIRCUIT | USE | KEEP ;

reserved : plainReserved | IN | AND | OR | NOT | TRUE | FALSE | NONE ;

plainReserved : PRINT | EXPECT | LET | FOR | IF | ELSE | DEF | IMPORT | HELP ;
