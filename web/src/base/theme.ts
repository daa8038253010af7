// The theme handed to Mantine. Colours are ours (tokens.css): the resolver below names them, so a variant never takes a
// colour from Mantine's palette.
import type { MantineThemeOverride } from '@mantine/core';

const FONT = 'var(--font)';

export const theme: MantineThemeOverride = {
  fontFamily: FONT,
  headings: { fontFamily: FONT, fontWeight: '700' },
  fontSizes: { xs: '0.6875rem', sm: '0.8125rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.5', sm: '1.55', md: '1.65', lg: '1.65', xl: '1.65' },
  radius: { xs: '4px', sm: '8px', md: '10px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  activeClassName: '',
  variantColorResolver: ({ variant, color }) => {
    const danger = color === 'beni';
    if (variant === 'filled') {
      return danger
        ? { background: 'var(--beni)', hover: 'var(--beni)', color: 'var(--on-beni)', border: '1px solid transparent' }
        : { background: 'var(--wood)', hover: 'var(--wood-hover)', color: 'var(--on-wood)', border: '1px solid transparent' };
    }
    const text = danger ? 'var(--beni)' : 'var(--ink)';
    if (variant === 'default' || variant === 'outline') {
      return { background: 'var(--surface)', hover: 'var(--sunken)', color: text, border: '1px solid var(--line-strong)' };
    }
    return { background: 'transparent', hover: 'var(--sunken)', color: danger ? text : 'var(--ink2)', border: '1px solid transparent' };
  },
  components: {
    Modal: { defaultProps: { lockScroll: false } },
    Drawer: { defaultProps: { lockScroll: false } },
  },
};
