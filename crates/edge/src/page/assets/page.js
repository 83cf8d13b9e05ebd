// Pictures, masks and keys of the local page. Talks to this machine alone.
'use strict';
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Questions before something is done.
  const ask = id => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };
  all('[data-dialog]').forEach(button => button.addEventListener('click', () => ask(button.dataset.dialog)));
  all('[data-close]').forEach(button => button.addEventListener('click', () => button.closest('dialog').close()));

  const onlyChanged = one('#only-changed');
  if (onlyChanged) {
    onlyChanged.addEventListener('change', () => one('#texts').classList.toggle('changed-only', onlyChanged.checked));
  }

  const stage = one('#stage') ? makeStage(one('#stage')) : null;

  // Keys: never while somebody types, nor with a modifier.
  document.addEventListener('keydown', event => {
    const typing = event.target.closest('input:not([type=range]):not([type=checkbox]), textarea, select');
    if (typing || one('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
    const go = rel => { const link = one(`a[rel=${rel}]`); if (link) link.click(); };
    const list = all('a.item');
    if (event.key === 'j') { if (list.length) step(list, 1); else go('next'); }
    else if (event.key === 'k') { if (list.length) step(list, -1); else go('prev'); }
    else if (event.key === 'm' && stage) stage.draw();
    else if (event.key === 'Escape' && stage) stage.stop();
    else if (event.key === '+' && stage) stage.zoom(1.25);
    else if (event.key === '-' && stage) stage.zoom(0.8);
    else if (event.key === '0' && stage) stage.fit();
    else {
      const button = /^[a-z]$/.test(event.key) ? one(`[data-key=${event.key}]:not([hidden])`) : null;
      if (!button) return;
      button.click();
    }
    event.preventDefault();
  });

  function step(list, by) {
    const at = list.indexOf(document.activeElement);
    list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  }

  function makeStage(root) {
    const data = root.dataset;
    const columns = Number(data.columns), rows = Number(data.rows);
    const views = all('.view', root), svgs = all('svg', root);
    const pictures = { before: one('#picture-before'), after: one('#picture-after') };
    const editable = data.editable === 'true';
    let frame = 0, scale = 1, shift = [0, 0], drawing = false, chosen = -1;
    const masks = read(data.masks).map(region => ({ region, from: data.source, on: true }));
    read(data.doubtful).forEach(region => masks.push({ region, from: 'doubtful', on: false }));

    function read(text) {
      return text ? text.split(';').map(part => {
        const [f, x, y, width, height] = part.split(',');
        return { frame: f === '' ? null : Number(f), x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
      }) : [];
    }
    const write = () => masks.filter(mask => mask.on).map(({ region: r }) =>
      [r.frame === null ? '' : r.frame, r.x, r.y, r.width, r.height].join(',')).join(';');

    // Rectangles over both pictures.
    function paint(draft) {
      svgs.forEach((svg, side) => {
        svg.replaceChildren();
        masks.forEach((mask, n) => {
          if (mask.region.frame !== null && mask.region.frame !== frame) return;
          if (side === 1 && mask.on) return;
          rect(svg, mask.region, [mask.from === 'drawn' ? 'drawn' : '', mask.on ? '' : 'off', n === chosen ? 'chosen-mask' : '']);
        });
        if (draft && side === 0) rect(svg, draft, ['draft']);
      });
    }
    function rect(svg, region, classes) {
      const shape = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      for (const key of ['x', 'y', 'width', 'height']) shape.setAttribute(key, region[key]);
      shape.setAttribute('class', classes.filter(Boolean).join(' '));
      svg.append(shape);
    }

    function list() {
      const box = one('#mask-list');
      if (!box) return;
      box.replaceChildren();
      if (!masks.length) {
        const none = document.createElement('li');
        none.textContent = data.wordNone;
        box.append(none);
      }
      masks.forEach((mask, n) => box.append(entry(mask, n)));
    }
    function entry(mask, n) {
      const item = document.createElement('li'), label = document.createElement('label');
      const tick = document.createElement('input'), swatch = document.createElement('span'), text = document.createElement('span');
      const { region } = mask;
      tick.type = 'checkbox';
      tick.checked = mask.on;
      tick.addEventListener('change', () => { mask.on = tick.checked; changed(); one(`#mask-list li:nth-child(${n + 1}) input`).focus(); });
      swatch.className = 'swatch ' + (mask.from === 'drawn' ? 'drawn' : '');
      const word = { found: data.wordFound, drawn: data.wordDrawn, earlier: data.wordEarlier, doubtful: data.wordDoubtful }[mask.from];
      const where = region.frame === null ? (Number(data.frames) > 1 ? ', ' + data.wordAll : '') : `, ${data.wordFrame} ${region.frame + 1}`;
      text.textContent = `${word}: ${region.width} × ${region.height} @ ${region.x}, ${region.y}${where}`;
      item.className = mask.on ? '' : 'off';
      label.append(tick, swatch, text);
      item.append(label);
      const point = index => () => { chosen = index; paint(); };
      item.addEventListener('mouseenter', point(n));
      item.addEventListener('mouseleave', point(-1));
      return item;
    }

    // The right picture is made by the same code that makes what leaves.
    let timer = 0;
    function changed() {
      paint();
      list();
      all('.masks-field').forEach(field => { field.value = write(); });
      const [confirms, proposes] = [one('#confirms'), one('#proposes')];
      if (confirms && proposes) {
        confirms.hidden = write() !== data.masks;
        proposes.hidden = !confirms.hidden;
      }
      clearTimeout(timer);
      timer = setTimeout(() => show('after'), 250);
    }
    function show(side) {
      // what the detector finds need not be told, and many masks are too long for an address
      const told = editable && !(data.source === 'found' && masks.length > 200 && write() === data.masks);
      const query = side === 'after' && told ? `&masks=${write()}` : '';
      const address = `${data.base}/${side}.png?frame=${frame}${query}`;
      const picture = pictures[side];
      if (picture.getAttribute('src') === address) return;
      picture.classList.add('waiting');
      picture.src = address;
    }
    for (const picture of Object.values(pictures)) {
      const missing = () => {
        picture.classList.remove('waiting');
        picture.closest('.canvas').hidden = true;
        one('.nopicture', picture.closest('.view')).hidden = false;
      };
      picture.addEventListener('load', () => picture.classList.remove('waiting'));
      picture.addEventListener('error', missing);
      if (picture.complete && !picture.naturalWidth) missing();
    }

    // Both pictures move together.
    function place() {
      const [x, y] = shift;
      all('.canvas', root).forEach(canvas => { canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`; });
    }
    function zoom(by, at) {
      const box = views[0].getBoundingClientRect();
      const [x, y] = at || [box.width / 2, box.height / 2];
      const next = Math.min(16, Math.max(1, scale * by));
      shift = next === 1 ? [0, 0] : [x - (x - shift[0]) * next / scale, y - (y - shift[1]) * next / scale];
      scale = next;
      place();
    }
    const fit = () => { scale = 1; shift = [0, 0]; place(); };
    one('#zoom-in').addEventListener('click', () => zoom(1.25));
    one('#zoom-out').addEventListener('click', () => zoom(0.8));
    one('#zoom-fit').addEventListener('click', fit);
    views.forEach(view => view.addEventListener('wheel', event => {
      if (!event.ctrlKey && scale === 1) return;
      event.preventDefault();
      const box = view.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 1.15 : 0.87, [event.clientX - box.left, event.clientY - box.top]);
    }, { passive: false }));

    const slider = one('#frame');
    if (slider) slider.addEventListener('input', () => {
      frame = Number(slider.value) - 1;
      one('#frame-number').textContent = slider.value;
      clearTimeout(timer);
      timer = setTimeout(() => { show('before'); show('after'); }, 80);
      paint();
    });

    // Drawing, and moving when not drawing.
    const button = one('#draw');
    function setDrawing(on) {
      drawing = on && editable;
      root.classList.toggle('drawing', drawing);
      if (button) button.setAttribute('aria-pressed', drawing);
      const hint = one('#drawing');
      if (hint) hint.hidden = !drawing;
      paint();
    }
    if (button) button.addEventListener('click', () => setDrawing(!drawing));
    const point = event => {
      const matrix = svgs[0].getScreenCTM().inverse();
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
      return [Math.min(columns, Math.max(0, at.x)), Math.min(rows, Math.max(0, at.y))];
    };
    const scope = () => (one('#scope') && one('#scope').value === 'one' ? frame : null);
    const between = ([ax, ay], [bx, by]) => {
      const x = Math.floor(Math.min(ax, bx)), y = Math.floor(Math.min(ay, by));
      return { frame: scope(), x, y, width: Math.ceil(Math.max(ax, bx)) - x, height: Math.ceil(Math.max(ay, by)) - y };
    };
    function add(region) {
      if (region.width < 1 || region.height < 1) return;
      masks.push({ region, from: 'drawn', on: true });
      changed();
    }
    views.forEach((view, side) => view.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      const draws = drawing && side === 0, from = draws ? point(event) : [event.clientX - shift[0], event.clientY - shift[1]];
      if (!draws && scale === 1) return;
      event.preventDefault();
      view.setPointerCapture(event.pointerId);
      if (!draws) root.classList.add('moving');
      const move = moved => {
        if (draws) paint(between(from, point(moved)));
        else { shift = [moved.clientX - from[0], moved.clientY - from[1]]; place(); }
      };
      const end = ended => {
        view.removeEventListener('pointermove', move);
        view.removeEventListener('pointerup', end);
        view.removeEventListener('pointercancel', end);
        root.classList.remove('moving');
        if (draws && ended.type === 'pointerup') {
          const region = between(from, point(ended));
          if (region.width > 2 && region.height > 2) add(region); else paint();
        }
      };
      view.addEventListener('pointermove', move);
      view.addEventListener('pointerup', end);
      view.addEventListener('pointercancel', end);
    }));
    const numbers = one('#by-number');
    if (numbers) numbers.addEventListener('submit', event => {
      event.preventDefault();
      const number = id => Number(one('#mask-' + id).value);
      const x = Math.min(columns - 1, number('x')), y = Math.min(rows - 1, number('y'));
      add({ frame: scope(), x, y, width: Math.min(columns - x, number('width')), height: Math.min(rows - y, number('height')) });
    });

    paint();
    list();
    return { draw: () => setDrawing(!drawing), stop: () => setDrawing(false), zoom, fit };
  }
})();
