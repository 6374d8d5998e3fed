import { CircleCheck } from 'lucide-react';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Button } from './button.tsx';
import { RadioCard } from './choice.tsx';
import { ColumnHeader } from './data-table.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { SeatMeter } from './seat-meter.tsx';
import { StatusBadge } from './status-badge.tsx';
import { TextField } from './text-field.tsx';
import { Unknown } from './unknown.tsx';

const render = (element: ReactElement) => renderToStaticMarkup(element);

/** The element with this attribute, up to its closing bracket. */
const tag = (html: string, name: string) => new RegExp(`<${name}\\b[^>]*>`).exec(html)?.[0] ?? '';

/** The text of the elements that an attribute of ids points to. */
function textOf(html: string, element: string, attribute: string): string[] {
  const ids = new RegExp(`${attribute}="([^"]*)"`).exec(element)?.[1]?.split(' ') ?? [];
  return ids.map((id) => {
    const after = html.split(`id="${id}"`)[1] ?? '';
    return after
      .slice(after.indexOf('>') + 1)
      .replace(/<svg.*?<\/svg>/gs, '')
      .replace(/<\/(?:p|div|label)>.*$/s, '')
      .replace(/<\/span><span.*$/s, '')
      .replace(/<[^>]*>/g, '');
  });
}

describe('fields', () => {
  it('tie the error and the hint to the box and announce the error', () => {
    const html = render(
      <TextField label="Tenant name" hint="As colleagues know it." error="Enter a name." />,
    );
    const input = tag(html, 'input');
    expect(input).toContain('aria-invalid="true"');
    expect(textOf(html, input, 'aria-describedby')).toEqual(['Enter a name.', 'As colleagues know it.']);
    expect(html).toContain('role="alert"');
  });

  it('say nothing of errors while there are none', () => {
    const html = render(<TextField label="Tenant name" />);
    expect(html).not.toMatch(/aria-invalid=|aria-describedby=|role="alert"/);
  });

  it('keep the description of a card out of its name', () => {
    const html = render(<RadioCard label="Azure" description="Subscriptions and resources" name="kind" />);
    const input = tag(html, 'input');
    expect(textOf(html, input, 'aria-labelledby')).toEqual(['Azure']);
    expect(textOf(html, input, 'aria-describedby')).toEqual(['Subscriptions and resources']);
  });
});

describe('buttons', () => {
  it('do not submit unless told, and keep their name while they work', () => {
    expect(tag(render(<Button>Save</Button>), 'button')).toContain('type="button"');
    const html = render(
      <Button type="submit" loading>
        Save
      </Button>,
    );
    expect(tag(html, 'button')).toMatch(/type="submit" disabled="" aria-busy="true"/);
    expect(html).toContain('Save</button>');
  });
});

describe('progress', () => {
  it('says how far it is in numbers and words', () => {
    const bar = tag(
      render(<ProgressBar label="Users" value={31_400} max={84_310} valueText="31,400 of 84,310" />),
      'div',
    );
    expect(bar).toContain('role="progressbar"');
    expect(bar).toMatch(
      /aria-valuemin="0" aria-valuemax="84310" aria-valuenow="31400" aria-valuetext="31,400 of 84,310"/,
    );
  });

  it('has no value while the whole is unknown, and never more than the whole', () => {
    expect(render(<ProgressBar label="Users" />)).not.toContain('aria-valuenow');
    expect(render(<ProgressBar label="Users" value={3} max={0} />)).not.toContain('aria-valuenow');
    expect(render(<ProgressBar label="Users" value={12} max={10} />)).toContain('aria-valuenow="10"');
  });
});

describe('figures', () => {
  it('draw more seats than there are as full, and no seats at all as unknown share', () => {
    expect(render(<SeatMeter label="E5" assignableUnits={10} consumedUnits={12} />)).toContain('width="100"');
    expect(render(<SeatMeter label="E5" assignableUnits={0} consumedUnits={0} />)).toContain('—');
  });

  it('give the reason where a value is not known', () => {
    expect(render(<Unknown reason="Not imported yet" />)).toContain(
      '<span class="sr-only">Not imported yet</span>',
    );
  });

  it('show a status as a word beside an icon that nobody has to hear', () => {
    const html = render(<StatusBadge tone="success" icon={CircleCheck} word="Connected" />);
    expect(html).toContain('aria-hidden="true"');
    expect(html).toContain('Connected</span>');
  });
});

describe('column heads', () => {
  it('say how the column is sorted, and only then', () => {
    expect(tag(render(<ColumnHeader sort="ascending">Name</ColumnHeader>), 'th')).toContain(
      'aria-sort="ascending"',
    );
    expect(tag(render(<ColumnHeader>Name</ColumnHeader>), 'th')).not.toContain('aria-sort');
  });
});
