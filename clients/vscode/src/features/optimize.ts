/** Optimize for size: a module, or one function with what was found for it. Both end in a proposal. */
import * as say from '../say';
import { isIr, nameOf } from '../documents';
import type { Jobs } from '../jobs';
import { improve, tune } from '../protocol';
import { documentOf, type Target } from './lift';
import type { Proposals } from './proposal';

export async function optimize(jobs: Jobs, proposals: Proposals, target?: Target): Promise<void> {
  const document = await documentOf(target);
  if (!document || !isIr(document)) {
    void say.info('irlens: open an LLVM IR file (.ll) to optimize it.');
    return;
  }
  const { version } = document;
  const tuned = await jobs.ask(`Optimize ${nameOf(document.uri)} for size`, tune, { uri: document.uri.toString() });
  if (!tuned) {
    return;
  }
  if (tuned.text === null) {
    void say.info(`irlens: ${tuned.message}`);
    return;
  }
  if (document.version !== version) {
    void say.warn(`irlens: ${nameOf(document.uri)} was edited meanwhile. Run "irlens: Optimize for Size…" again.`);
    return;
  }
  const note = tuned.model?.note ? ` The model: ${tuned.model.note}.` : '';
  await proposals.show({
    document,
    after: tuned.text,
    title: 'now ↔ optimized for size',
    message: `${tuned.message}${note}`,
    gain: `${tuned.before.bytes} → ${tuned.best.bytes} bytes`,
  });
}

/** What a size over a function is for: the best that was found for it, shown before it is applied. */
export async function optimizeFunction(jobs: Jobs, proposals: Proposals, target: Target): Promise<void> {
  const document = await documentOf(target);
  const name = target.function;
  if (!document || !name) {
    return;
  }
  const { version } = document;
  const improved = await jobs.ask(`Optimize ${name} for size`, improve, { uri: target.uri, function: name });
  if (!improved) {
    return;
  }
  if (document.version !== version) {
    void say.warn(`irlens: ${nameOf(document.uri)} was edited meanwhile. Choose the size over ${name} again.`);
    return;
  }
  await proposals.show({
    document,
    after: improved.text,
    title: `now ↔ ${name} optimized for size`,
    message: improved.message,
    gain: improved.message.replace(/\.$/, ''),
  });
}
