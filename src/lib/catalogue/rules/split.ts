import { defineRule } from '$lib/core/definitions';
import { branches } from '$lib/core/fields';
import { words, type Words } from '$lib/core/words';
import { compileFilter } from '$lib/filters/compile';
import { decisive, explainFilter, type Explanation } from '$lib/filters/explain';
import { conditionWords, seenWords } from '$lib/filters/words';
import type { WorkspaceView } from '$lib/core/tables';
import { needsOf } from '$lib/filters/needs';
import { filterTime } from '$lib/filters/time';
import { joinNeeds } from '$lib/core/related';

export default defineRule({
  id: 'rule.split',
  group: 'rules',
  icon: 'split',
  version: 1,
  fields: { branches: branches() },
  sentence: ({ fields }) =>
    words('catalogue.rule.split.sentence', { names: fields.branches.map(({ name }) => name).join(', ') }),
  check: ({ fields }) => {
    const ids = new Set(fields.branches.map(({ id }) => id));
    if (ids.size < fields.branches.length || ids.has('default'))
      return [{ field: 'branches', words: words('words.problem.branches_twice') }];
    return fields.branches
      .filter(({ filters }) => filters === null)
      .map(({ name }) => ({
        field: 'branches',
        words: words('words.problem.branch_without_filter', { branch: name })
      }));
  },
  branches: ({ branches }) => [...branches.map(({ id }) => id), 'default'],
  passesTime: false,
  needs: ({ fields, view, now }) =>
    joinNeeds(...fields.branches.map(({ filters }) => needsOf(filters, filterTime(view, now)))),
  enter: ({ fields, contact, related, event, view, now }) => {
    const time = filterTime(view, now);
    const taken = fields.branches.find(
      ({ filters }) => filters !== null && compileFilter(filters, time)(contact, event.properties, related)
    );
    if (taken?.filters) {
      const why = explainFilter(taken.filters, contact, event.properties, time, related);
      return { branch: taken.id, words: takenWords(taken.name, why, view) };
    }
    return { branch: 'default', words: words('words.step.split_default') };
  },
  examples: [
    {
      fields: { branches: [inCity('a', 'Lyon'), inCity('b', 'Nantes')] },
      contact: { attributes: { CITY: 'Nantes' } },
      branch: 'b'
    },
    {
      fields: { branches: [inCity('a', 'Lyon'), inCity('b', 'Nantes')] },
      contact: { attributes: { CITY: 'Lille' } },
      branch: 'default'
    }
  ]
});

/** With the condition that decided, and what it saw. */
function takenWords(branch: string, why: Explanation, view: WorkspaceView): Words {
  const found = decisive(why);
  if (found === null) return words('words.step.split_taken', { branch });
  const condition = conditionWords(found.condition, view);
  const seen = seenWords(found.value, found.condition, view);
  return seen === null
    ? words('words.step.split_because', { branch, condition })
    : words('words.step.split_because_seen', { branch, condition, seen });
}

function inCity(id: string, city: string) {
  return {
    id,
    name: city,
    filters: {
      subject: { of: 'attribute' as const, attributeId: 'CITY' },
      kind: 'text' as const,
      operator: 'is' as const,
      value: city
    }
  };
}
