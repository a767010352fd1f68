;; One sitting in Emacs with eglot: an error and where it is, hover, a code action, a model, a lift. What was seen goes to a
;; JSON file; test_emacs.py judges it. Nothing sleeps: `sitting-wait' waits for a condition.

(require 'package)
(package-initialize)
(load-file (getenv "IRLENS_INIT"))
(require 'eglot)
(require 'json)

(defvar sitting-seen nil)

(defun sitting-saw (name value)
  (push (cons name value) sitting-seen))

(defun sitting-wait (what condition)
  (let ((end (+ (float-time) 60)) value)
    (while (and (not (setq value (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or value (error "waited in vain for %s" what))))

(defun sitting-open (name)
  (find-file name)
  (run-hooks 'post-command-hook) ; where eglot starts, once a command has ended
  (sitting-wait "the server" #'eglot-current-server))

(defun sitting-act (wanted)
  "Choose the code action whose title has WANTED in it, as the minibuffer would offer it."
  (let ((last-nonmenu-event ?a)) ; else a menu is popped up
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt offered &rest _)
                 (cl-find-if (lambda (title) (string-match-p wanted title)) (all-completions "" offered)))))
      (eglot-code-actions (point) nil nil t))))

(defun sitting ()
  (setq eglot-confirm-server-initiated-edits nil)
  (sitting-open "broken.ll")
  (sitting-saw 'modes (list (symbol-name major-mode)))
  (let ((found (sitting-wait "diagnostics" #'flymake-diagnostics)))
    (sitting-saw 'errors (length found))
    (sitting-saw 'error (flymake-diagnostic-text (car found)))
    (sitting-saw 'place (buffer-substring-no-properties
                         (flymake-diagnostic-beg (car found)) (flymake-diagnostic-end (car found)))))
  (goto-char (point-min))
  (search-forward "%missing")
  (replace-match "%a" t t)
  (eglot--signal-textDocument/didChange)
  (sitting-wait "the error to go" (lambda () (not (flymake-diagnostics))))
  (goto-char (point-min))
  (search-forward "@wei")
  (sitting-saw 'hover (plist-get (plist-get (jsonrpc-request (eglot-current-server) :textDocument/hover
                                                             (eglot--TextDocumentPositionParams))
                                            :contents)
                                 :value))
  (sitting-act "-Oz")
  (sitting-wait "the module to change" (lambda () (not (string-match-p "alloca" (buffer-string)))))
  (set-buffer-modified-p nil)

  (cl-letf (((symbol-function 'completing-read) (lambda (_prompt names &rest _) (car names))))
    (sitting-saw 'model (irlens-use-model)))

  (sitting-open "sum.s")
  (push (symbol-name major-mode) (cdr (assq 'modes sitting-seen)))
  (search-forward "addl")
  (sitting-act "Lift")
  (sitting-wait "the lifted file" (lambda () (file-exists-p "sum.sum.ll")))
  (eglot-shutdown-all))

(condition-case problem
    (sitting)
  (error (sitting-saw 'problem (error-message-string problem))))
(with-temp-file (getenv "IRLENS_REPORT")
  (insert (json-encode sitting-seen)))
(kill-emacs (if (assq 'problem sitting-seen) 1 0))
